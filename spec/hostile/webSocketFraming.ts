import type { Framing } from './Framing.ts';

export const CONTINUATION = 0x0;
export const TEXT = 0x1;
export const BINARY = 0x2;
export const CLOSE = 0x8;
export const PING = 0x9;
export const PONG = 0xa;
const LAST = 0x80;
const MASKED = 0x80;

/** As a WebSocket's client does: binary messages, masked with zeros. */
export const binaryMessages: Framing = {
  wrap: (frame) => messageFrame(BINARY, frame),
  read(bytes, arrivals) {
    let at = 0;
    while (at + 2 <= bytes.length) {
      const opcode = (bytes[at] as number) & 0x0f;
      const short = (bytes[at + 1] as number) & 0x7f;
      const start = at + 2 + (short === 126 ? 2 : short === 127 ? 8 : 0);
      if (start > bytes.length) break;
      const length = short < 126 ? short : bytes.readUIntBE(short === 126 ? at + 2 : at + 4, short === 126 ? 2 : 6);
      if (start + length > bytes.length) break;
      const payload = bytes.subarray(start, start + length);
      if (opcode >= CLOSE) arrivals.onControl(opcode, payload);
      else arrivals.onFrame(payload);
      at = start + length;
    }
    return at;
  },
};

export interface MessageFrameOptions {
  /** The last frame of its message; true unless said. */
  readonly isLast?: boolean;
  /** As a client's frames have to be; true unless said. */
  readonly isMasked?: boolean;
  /** What the header says of the length, if that is to be a lie. */
  readonly announced?: number;
}

/** A frame of a WebSocket. */
export function messageFrame(opcode: number, payload: Uint8Array, options: MessageFrameOptions = {}): Uint8Array {
  const { isLast = true, isMasked = true, announced = payload.length } = options;
  const extended = announced < 126 ? 0 : announced < 65_536 ? 2 : 8;
  const bytes = Buffer.alloc(2 + extended + (isMasked ? 4 : 0) + payload.length);
  bytes[0] = (isLast ? LAST : 0) | opcode;
  bytes[1] = (isMasked ? MASKED : 0) | (extended === 0 ? announced : extended === 2 ? 126 : 127);
  if (extended === 2) bytes.writeUInt16BE(announced, 2);
  if (extended === 8) bytes.writeBigUInt64BE(BigInt(announced), 2);
  bytes.set(payload, bytes.length - payload.length);
  return bytes;
}
