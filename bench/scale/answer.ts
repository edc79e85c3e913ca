/** What a responder of the scale benches answers, whatever it was asked: what it saw of the request's data. */
import type { DirectBuffer } from 'flysocket/flyweight';

/** Where the answer says which byte was first, in the middle and last. */
export const FIRST = 0;
export const MIDDLE = 1;
export const LAST = 2;
/** And how many there were, as an int32. */
export const LENGTH = 4;

/** Writes the answer to `length` bytes at `offset` of `data` into `answer`. */
export function answerTo(data: DirectBuffer, offset: number, length: number, answer: DirectBuffer): void {
  const last = length - 1;
  answer.putUint8(FIRST, data.getUint8(offset));
  answer.putUint8(MIDDLE, data.getUint8(offset + (last >>> 1)));
  answer.putUint8(LAST, data.getUint8(offset + last));
  answer.putInt32Native(LENGTH, length);
}
