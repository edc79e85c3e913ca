import { alignmentOf, encodePayload } from 'flysocket/codec';
import { PayloadFlyweight } from 'flysocket/flyweight';
import type { Group } from '../harness/Contender.ts';
import { ClaimedPlaces } from './ClaimedPlaces.ts';
import { EncodeContender } from './EncodeContender.ts';
import {
  FLAG_NEXT,
  LARGE_DATA_LENGTH,
  largeData,
  PAYLOAD_LENGTH,
  payloadBytes,
  streamIdOf,
  TYPE_PAYLOAD,
} from './frames.ts';
import { JsonEncode } from './JsonEncode.ts';
import { RSocketCoreEncode } from './RSocketCoreEncode.ts';
import { ALPHA, rsocketCodecs } from './rsocketCodecs.ts';
import { directBufferOf, slabOf } from './sources.ts';

/** Ours, into claimed places that suit the source. */
class Flysocket extends EncodeContender {
  readonly #places: ClaimedPlaces;
  readonly #payload: PayloadFlyweight;
  #last = 0;

  constructor(name: string, shared: boolean, payload: PayloadFlyweight) {
    super(name, payloadBytes);
    this.#places = new ClaimedPlaces(shared, PAYLOAD_LENGTH, alignmentOf(TYPE_PAYLOAD, payload));
    this.#payload = payload;
  }

  protected override encode(count: number): number {
    const places = this.#places;
    const buffer = places.buffer;
    const payload = this.#payload;
    let bytes = 0;
    let index = 0;
    for (let operation = 0; operation < count; operation++) {
      index = places.indexOf(operation);
      bytes += encodePayload(buffer, index, streamIdOf(operation), FLAG_NEXT, payload);
    }
    this.#last = index;
    return bytes;
  }

  protected override last(): Uint8Array {
    return this.#places.buffer.copyOf(this.#last, PAYLOAD_LENGTH);
  }
}

const frame = { type: TYPE_PAYLOAD, flags: FLAG_NEXT, streamId: 0, metadata: null, data: largeData };

const SLAB = 'flysocket, into a pooled slab';
const RING = 'flysocket, into a ring';
const RING_FROM_SLAB = 'flysocket, into a ring, from a part of a slab';

const payloadOverArray: PayloadFlyweight = new PayloadFlyweight().wrapData(
  directBufferOf(largeData),
  0,
  LARGE_DATA_LENGTH,
);

export const encodePayloadGroup: Group = {
  name: 'codec/encode PAYLOAD 1 KiB',
  unit: 'operations/s',
  ratios: [SLAB, RING].map((contender) => ({ name: `${contender} / ${ALPHA}`, contender, against: ALPHA, goal: 8 })),
  allocationFree: [SLAB, RING, RING_FROM_SLAB],
  contenders: () => [
    new Flysocket(SLAB, false, payloadOverArray),
    new Flysocket(RING, true, payloadOverArray),
    new Flysocket(RING_FROM_SLAB, true, new PayloadFlyweight().wrapData(slabOf(largeData), 0, LARGE_DATA_LENGTH)),
    ...rsocketCodecs().map((codec) => new RSocketCoreEncode(codec, frame, payloadBytes)),
    new JsonEncode(TYPE_PAYLOAD, FLAG_NEXT, undefined, largeData),
  ],
};
