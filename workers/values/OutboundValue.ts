/**
 * The value that is being sent: its data, and the header that says what it is. There is one for everything that a link
 * sends, so nothing is allocated here.
 */
import { DirectBuffer, NO_METADATA, PayloadFlyweight, RSocketError } from '../../flyweight/index.ts';
import { PooledBuffer } from '../../pool/index.ts';
import { MAX_FRAMED_BYTES, MAX_REFERENCED_BYTES } from '../limits.ts';
import { CALL_HEADER_LENGTH, CallFlag, headerWord, ITEM_HEADER_LENGTH, TARGET_OFFSET } from './CallHeaderDescriptor.ts';
import type { Transfer } from './Transfer.ts';
import { Encoding, type ValueCodec } from './ValueCodec.ts';
import type { ValuePort } from './ValuePort.ts';

/** Bytes of the number of what was posted. */
const NUMBER_LENGTH = 4;

export class OutboundValue {
  /** What is sent: complete once a header has been written. */
  readonly payload: PayloadFlyweight = new PayloadFlyweight();
  readonly #codec: ValueCodec;
  readonly #port: ValuePort;
  readonly #header: DirectBuffer = new DirectBuffer(new ArrayBuffer(CALL_HEADER_LENGTH));
  readonly #number: DirectBuffer = new DirectBuffer(new ArrayBuffer(NUMBER_LENGTH));
  #encoding = 0;
  /** `CallFlag`s that the value has of itself. */
  #flags = 0;

  constructor(codec: ValueCodec, port: ValuePort) {
    this.#codec = codec;
    this.#port = port;
  }

  /** @throws what the encoding throws */
  encode(value: unknown, transfer: Transfer): void {
    this.#flags = 0;
    if (value instanceof PooledBuffer) {
      this.#encoding = Encoding.BYTES;
      this.payload.wrapData(value.buffer, value.offset, value.length);
      if (value.length > MAX_REFERENCED_BYTES) this.post();
      return;
    }
    const codec = this.#codec;
    codec.encode(value, transfer);
    this.#encoding = codec.encoding;
    this.payload.wrapData(codec.buffer, codec.offset, codec.length);
    if (codec.length > MAX_FRAMED_BYTES) this.post();
  }

  /** Bytes that lie in memory of a pool. */
  wrap({ buffer }: PooledBuffer, bytes: Uint8Array): void {
    this.#flags = 0;
    this.#encoding = Encoding.BYTES;
    this.payload.wrapData(buffer, bytes.byteOffset - buffer.byteOffset, bytes.length);
  }

  /** The data goes by the port, as a copy, and the frame has its number. */
  post(): void {
    const { dataBuffer, dataOffset, dataLength } = this.payload;
    const copy = dataBuffer.copyOf(dataOffset, dataLength);
    this.#number.putInt32(0, this.#port.post(copy, [copy.buffer as ArrayBuffer]) | 0);
    this.#flags = CallFlag.POSTED;
    this.payload.wrapData(this.#number, 0, NUMBER_LENGTH);
  }

  /** @throws `error`, unless it tells of data that frames cannot carry now, and the port can */
  checkPostable(error: unknown): void {
    const code = error instanceof RSocketError ? error.code : undefined;
    const lacksMemory = code === 'ERR_FLYSOCKET_POOL_EXHAUSTED' || code === 'ERR_FLYSOCKET_PAYLOAD_TOO_LONG';
    if (!lacksMemory || this.#flags !== 0 || this.#encoding === Encoding.PORT) throw error;
  }

  /** Writes the header of a request. @param second its second word */
  writeRequestHeader(kind: number, flags: number, second: number): void {
    this.#header.putInt32(0, headerWord(kind, this.#encoding, flags | this.#flags));
    this.#header.putInt32(TARGET_OFFSET, second);
    this.payload.wrapMetadata(this.#header, 0, CALL_HEADER_LENGTH);
  }

  /** Writes the header of an item or answer. */
  writeItemHeader(flags: number): void {
    const all = flags | this.#flags;
    if (all === 0 && this.#encoding === Encoding.BYTES) {
      this.payload.metadataLength = NO_METADATA;
      return;
    }
    this.#header.putInt32(0, headerWord(0, this.#encoding, all));
    this.payload.wrapMetadata(this.#header, 0, ITEM_HEADER_LENGTH);
  }
}
