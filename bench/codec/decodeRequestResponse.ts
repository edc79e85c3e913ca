import { decodePayload } from 'flysocket/codec';
import { FrameHeaderFlyweight, PayloadFlyweight } from 'flysocket/flyweight';
import type { Group } from '../harness/Contender.ts';
import { ClaimedPlaces } from './ClaimedPlaces.ts';
import { DecodeContender, fieldsOf } from './DecodeContender.ts';
import {
  data,
  FLAG_METADATA,
  metadata,
  REQUEST_RESPONSE_LENGTH,
  requestResponseBytes,
  STREAMS,
  streamIdOf,
  TYPE_REQUEST_RESPONSE,
} from './frames.ts';
import { ALPHA, type RSocketCodec, rsocketCodecs } from './rsocketCodecs.ts';

/** Ours, where the frames lie: in shared memory, on 8-byte boundaries. */
class Flysocket extends DecodeContender {
  readonly #places: ClaimedPlaces = new ClaimedPlaces(true, REQUEST_RESPONSE_LENGTH, 0);
  readonly #payload: PayloadFlyweight = new PayloadFlyweight();

  constructor() {
    super('flysocket', 100_000);
    for (let at = 0; at < STREAMS; at++) {
      this.#places.buffer.putBytes(this.#places.indexOf(at), requestResponseBytes(streamIdOf(at)));
    }
  }

  protected override decode(count: number): number {
    const places = this.#places;
    const buffer = places.buffer;
    const payload = this.#payload;
    let sum = 0;
    for (let operation = 0; operation < count; operation++) {
      const index = places.indexOf(operation & (STREAMS - 1));
      const typeAndFlags = decodePayload(buffer, index, REQUEST_RESPONSE_LENGTH, payload);
      sum =
        (sum +
          fieldsOf(
            FrameHeaderFlyweight.streamId(buffer, index),
            FrameHeaderFlyweight.typeOf(typeAndFlags),
            FrameHeaderFlyweight.flagsOf(typeAndFlags),
            payload.metadataLength,
            payload.dataLength,
            payload.metadataBuffer.getUint8(payload.metadataOffset),
            payload.dataBuffer.getUint8(payload.dataOffset),
          )) |
        0;
    }
    return sum;
  }
}

/** npm rsocket-core, which makes an object and two Buffers for each frame. */
class RSocketCore extends DecodeContender {
  readonly #codec: RSocketCodec;
  readonly #frames: Buffer[] = Array.from({ length: STREAMS }, (_, at) => requestResponseBytes(streamIdOf(at)));

  constructor(codec: RSocketCodec) {
    super(codec.name, 20_000);
    this.#codec = codec;
  }

  protected override decode(count: number): number {
    const { deserializeFrame, BufferEncoders } = this.#codec;
    const frames = this.#frames;
    let sum = 0;
    for (let operation = 0; operation < count; operation++) {
      const frame = deserializeFrame(frames[operation & (STREAMS - 1)] as Buffer, BufferEncoders);
      const frameMetadata = frame.metadata as Buffer;
      const frameData = frame.data as Buffer;
      sum =
        (sum +
          fieldsOf(
            frame.streamId,
            frame.type,
            frame.flags,
            frameMetadata.length,
            frameData.length,
            frameMetadata[0] as number,
            frameData[0] as number,
          )) |
        0;
    }
    return sum;
  }
}

/** A JSON object from a Buffer; metadata and data are text. */
class Json extends DecodeContender {
  readonly #frames: Buffer[] = Array.from({ length: STREAMS }, (_, at) =>
    Buffer.from(
      JSON.stringify({
        streamId: streamIdOf(at),
        type: TYPE_REQUEST_RESPONSE,
        flags: FLAG_METADATA,
        metadata: metadata.toString(),
        data: data.toString(),
      }),
    ),
  );

  constructor() {
    super('JSON from Buffer', 5_000);
  }

  protected override decode(count: number): number {
    const frames = this.#frames;
    let sum = 0;
    for (let operation = 0; operation < count; operation++) {
      const frame = JSON.parse((frames[operation & (STREAMS - 1)] as Buffer).toString());
      const first = frame.metadata.charCodeAt(0);
      const { streamId, type, flags } = frame;
      const fields = fieldsOf(
        streamId,
        type,
        flags,
        frame.metadata.length,
        frame.data.length,
        first,
        frame.data.charCodeAt(0),
      );
      sum = (sum + fields) | 0;
    }
    return sum;
  }
}

export const decodeRequestResponseGroup: Group = {
  name: 'codec/decode REQUEST_RESPONSE 32+128 B',
  unit: 'operations/s',
  ratios: [{ name: `flysocket / ${ALPHA}`, contender: 'flysocket', against: ALPHA, goal: 15 }],
  allocationFree: ['flysocket'],
  contenders: () => [new Flysocket(), ...rsocketCodecs().map((codec) => new RSocketCore(codec)), new Json()],
};
