import { FRAME_LENGTH_SIZE, MAX_FRAME_LENGTH } from 'flysocket/codec';

/** What comes by a socket. */
export interface Arrivals {
  onFrame(frame: Uint8Array): void;
  /** A control frame of a WebSocket. */
  onControl(opcode: number, payload: Uint8Array): void;
}

/** How frames lie in the bytes of a socket. */
export interface Framing {
  /** The bytes that carry `frame`. */
  wrap(frame: Uint8Array): Uint8Array;
  /** Tells of what lies whole in `bytes`. @returns how many bytes of it that took */
  read(bytes: Buffer, arrivals: Arrivals): number;
}

/** As over TCP: a length of 24 bits, then the frame. */
export const lengthsBefore: Framing = {
  wrap: (frame) => Buffer.concat([lengthPrefix(frame.length), frame]),
  read(bytes, arrivals) {
    let at = 0;
    while (at + FRAME_LENGTH_SIZE <= bytes.length) {
      const end = at + FRAME_LENGTH_SIZE + bytes.readUIntBE(at, FRAME_LENGTH_SIZE);
      if (end > bytes.length) break;
      arrivals.onFrame(bytes.subarray(at + FRAME_LENGTH_SIZE, end));
      at = end;
    }
    return at;
  },
};

/** The three bytes that announce a frame of `length` bytes. */
export function lengthPrefix(length: number): Uint8Array {
  const prefix = Buffer.alloc(FRAME_LENGTH_SIZE);
  prefix.writeUIntBE(length & MAX_FRAME_LENGTH, 0, FRAME_LENGTH_SIZE);
  return prefix;
}
