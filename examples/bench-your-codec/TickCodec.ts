import type { Tick } from './Tick.ts';

/** Takes ticks to bytes and back. */
export interface TickCodec {
  readonly name: string;
  /** The bytes are the caller's until the next call. */
  encode(tick: Tick): Uint8Array;
  decode(bytes: Uint8Array): Tick;
}

const SYMBOL_LENGTH = 8;
const PRICE = SYMBOL_LENGTH;
const SIZE = PRICE + 4;
const TIME = SIZE + 4;
const LENGTH = TIME + 8;

/**
 * The codec to be benched: put yours in its place.
 *
 *      0               8       12      16              24
 *     | symbol, zeros | price | size  | time (double) |    little-endian
 */
export class YourCodec implements TickCodec {
  readonly name = 'yours';
  readonly #bytes: Uint8Array = new Uint8Array(LENGTH);
  readonly #view: DataView = new DataView(this.#bytes.buffer);

  encode({ symbol, price, size, time }: Tick): Uint8Array {
    for (let i = 0; i < SYMBOL_LENGTH; i++) this.#bytes[i] = i < symbol.length ? symbol.charCodeAt(i) : 0;
    this.#view.setUint32(PRICE, price, true);
    this.#view.setUint32(SIZE, size, true);
    this.#view.setFloat64(TIME, time, true);
    return this.#bytes;
  }

  decode(bytes: Uint8Array): Tick {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let symbol = '';
    for (let i = 0; i < SYMBOL_LENGTH && bytes[i] !== 0; i++) symbol += String.fromCharCode(bytes[i] as number);
    return {
      symbol,
      price: view.getUint32(PRICE, true),
      size: view.getUint32(SIZE, true),
      time: view.getFloat64(TIME, true),
    };
  }
}

/** What one would use otherwise. */
export class JsonCodec implements TickCodec {
  readonly name = 'JSON';
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();

  encode(tick: Tick): Uint8Array {
    return this.#encoder.encode(JSON.stringify(tick));
  }

  decode(bytes: Uint8Array): Tick {
    return JSON.parse(this.#decoder.decode(bytes)) as Tick;
  }
}
