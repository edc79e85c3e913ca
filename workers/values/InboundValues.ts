/** The values that come over a link, by whatever way. */
import { DirectBuffer, type PayloadFlyweight } from '../../flyweight/index.ts';
import type { PooledBuffer } from '../../pool/index.ts';
import { allocateShared } from './allocateShared.ts';
import { CallFlag, encodingIn, flagsIn, headerWord } from './CallHeaderDescriptor.ts';
import { Encoding, type ValueCodec } from './ValueCodec.ts';
import type { ValuePort } from './ValuePort.ts';

/** Who knows where the data of a frame lies that is being shown. */
interface Holder {
  retain(payload: PayloadFlyweight): PooledBuffer | undefined;
}

/** The header of an item that has none. */
const PLAIN_BYTES = headerWord(0, Encoding.BYTES, 0);

export class InboundValues {
  readonly #codec: ValueCodec;
  readonly #port: ValuePort;
  readonly #holder: Holder;

  constructor(codec: ValueCodec, port: ValuePort, holder: Holder) {
    this.#codec = codec;
    this.#port = port;
    this.#holder = holder;
  }

  /** The `CallFlag`s of an item or request that concern who asks. */
  flagsOf(payload: PayloadFlyweight): number {
    return payload.hasMetadata ? flagsIn(wordOf(payload)) & ~CallFlag.POSTED : 0;
  }

  /** The value that an item or request carries. @throws what its decoding throws */
  valueOf(payload: PayloadFlyweight): unknown {
    const word = wordOf(payload);
    const encoding = encodingIn(word);
    if ((flagsIn(word) & CallFlag.POSTED) !== 0) return this.#posted(payload, encoding);
    return this.#codec.decode(encoding, payload.dataBuffer, payload.dataOffset, payload.dataLength);
  }

  /** As `valueOf`, but bytes stay where they are, or are copied into a pool: to be released. @throws as `valueOf` */
  borrowedOf(payload: PayloadFlyweight): unknown {
    const word = wordOf(payload);
    if (!isBytes(encodingIn(word))) return this.valueOf(payload);
    if ((flagsIn(word) & CallFlag.POSTED) !== 0) {
      const bytes = this.valueOf(payload) as Uint8Array;
      const pooled = allocateShared(bytes.length);
      pooled.buffer.putBytes(pooled.offset, bytes, 0, bytes.length);
      return pooled;
    }
    const { dataBuffer, dataOffset, dataLength } = payload;
    const held = this.retain(payload);
    if (held !== undefined) return held;
    const pooled = allocateShared(dataLength);
    pooled.buffer.putBuffer(pooled.offset, dataBuffer, dataOffset, dataLength);
    return pooled;
  }

  /** Keeps bytes where they lie, if they came by reference: to be released. */
  retain(payload: PayloadFlyweight): PooledBuffer | undefined {
    return this.#holder.retain(payload);
  }

  /** Lets go of a value that nobody will look at. */
  discard(payload: PayloadFlyweight): void {
    const word = wordOf(payload);
    const isPosted = (flagsIn(word) & CallFlag.POSTED) !== 0;
    const encoding = isPosted ? Encoding.PORT : encodingIn(word);
    this.#codec.discard(encoding, payload.dataBuffer, payload.dataOffset, payload.dataLength);
  }

  #posted(payload: PayloadFlyweight, encoding: number): unknown {
    const bytes = this.#port.receive(payload.dataBuffer.getUint32(payload.dataOffset)) as Uint8Array;
    return isBytes(encoding) ? bytes : this.#codec.decode(encoding, new DirectBuffer(bytes), 0, bytes.length);
  }
}

function wordOf(payload: PayloadFlyweight): number {
  return payload.hasMetadata ? payload.metadataBuffer.getInt32(payload.metadataOffset) : PLAIN_BYTES;
}

function isBytes(encoding: number): boolean {
  return encoding === Encoding.BYTES || encoding === Encoding.PART;
}
