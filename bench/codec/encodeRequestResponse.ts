import { alignmentOf, encodeRequestResponse } from 'flysocket/codec';
import { PayloadFlyweight } from 'flysocket/flyweight';
import type { Group } from '../harness/Contender.ts';
import { ClaimedPlaces } from './ClaimedPlaces.ts';
import { EncodeContender } from './EncodeContender.ts';
import {
  DATA_LENGTH,
  data,
  FLAG_METADATA,
  METADATA_LENGTH,
  metadata,
  REQUEST_RESPONSE_LENGTH,
  requestResponseBytes,
  streamIdOf,
  TYPE_REQUEST_RESPONSE,
} from './frames.ts';
import { JsonEncode } from './JsonEncode.ts';
import { RSocketCoreEncode } from './RSocketCoreEncode.ts';
import { ALPHA, rsocketCodecs } from './rsocketCodecs.ts';
import { directBufferOf, slabOf } from './sources.ts';

/** Ours, into claimed places in shared memory that suit the source. */
class Flysocket extends EncodeContender {
  readonly #places: ClaimedPlaces;
  readonly #payload: PayloadFlyweight;
  #last = 0;

  constructor(name: string, payload: PayloadFlyweight) {
    super(name, requestResponseBytes);
    this.#payload = payload;
    const alignment = alignmentOf(TYPE_REQUEST_RESPONSE, payload);
    this.#places = new ClaimedPlaces(true, REQUEST_RESPONSE_LENGTH, alignment);
  }

  protected override encode(count: number): number {
    const places = this.#places;
    const buffer = places.buffer;
    const payload = this.#payload;
    let bytes = 0;
    let index = 0;
    for (let operation = 0; operation < count; operation++) {
      index = places.indexOf(operation);
      bytes += encodeRequestResponse(buffer, index, streamIdOf(operation), payload);
    }
    this.#last = index;
    return bytes;
  }

  protected override last(): Uint8Array {
    return this.#places.buffer.copyOf(this.#last, REQUEST_RESPONSE_LENGTH);
  }
}

const frame = { type: TYPE_REQUEST_RESPONSE, flags: FLAG_METADATA, streamId: 0, metadata, data };

const slab = slabOf(Buffer.concat([metadata, data]));

const payloadOverSlab: PayloadFlyweight = new PayloadFlyweight()
  .wrapMetadata(slab, 0, METADATA_LENGTH)
  .wrapData(slab, METADATA_LENGTH, DATA_LENGTH);

const payloadOverArrays: PayloadFlyweight = new PayloadFlyweight()
  .wrapMetadata(directBufferOf(metadata), 0, METADATA_LENGTH)
  .wrapData(directBufferOf(data), 0, DATA_LENGTH);

export const encodeRequestResponseGroup: Group = {
  name: 'codec/encode REQUEST_RESPONSE 32+128 B',
  unit: 'operations/s',
  ratios: [
    { name: `flysocket / ${ALPHA}`, contender: 'flysocket', against: ALPHA, goal: 5 },
    { name: 'flysocket / JSON to Buffer', contender: 'flysocket', against: 'JSON to Buffer', goal: 30 },
  ],
  allocationFree: ['flysocket', 'flysocket from Uint8Array'],
  contenders: () => [
    new Flysocket('flysocket', payloadOverSlab),
    new Flysocket('flysocket from Uint8Array', payloadOverArrays),
    ...rsocketCodecs().map((codec) => new RSocketCoreEncode(codec, frame, requestResponseBytes)),
    new JsonEncode(TYPE_REQUEST_RESPONSE, FLAG_METADATA, metadata, data),
  ],
};
