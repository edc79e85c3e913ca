import type { DirectBuffer } from '../flyweight/index.ts';
import { frameTooLong, MAX_FRAME_LENGTH } from './malformedFrame.ts';

/** Bytes of the length that precedes each frame on a stream of bytes. */
export const FRAME_LENGTH_SIZE = 3;

/**
 * Writes the 24-bit big-endian length that precedes a frame on transports that keep no message boundaries, such as TCP
 * (spec: "Framing Protocol Usage"). It counts the frame and not itself. Allocates nothing.
 *
 *     offset   0            3
 *              length       frame of that many bytes
 *
 * @param frameLength 6 to 16,777,215 bytes
 * @returns where the frame goes
 * @throws RSocketError ERR_FLYSOCKET_FRAME_TOO_LONG if three bytes can't say it, and nothing is written
 */
export function putFrameLength(buffer: DirectBuffer, offset: number, frameLength: number): number {
  if (frameLength > MAX_FRAME_LENGTH) throw frameTooLong(frameLength, MAX_FRAME_LENGTH);
  buffer.putUint24(offset, frameLength);
  return offset + FRAME_LENGTH_SIZE;
}
