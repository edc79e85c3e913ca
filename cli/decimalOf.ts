import type { DirectBuffer } from '../flyweight/index.ts';

const ZERO = 0x30;
/** Digits of the longest number: all of that length are exact. */
const MAX_DIGITS = 15;

/** The number that 1 to 15 ASCII digits spell, or -1 where there is anything else. Does not allocate. */
export function decimalOf(buffer: DirectBuffer, offset: number, length: number): number {
  if (length === 0 || length > MAX_DIGITS) return -1;
  let number = 0;
  for (let i = 0; i < length; i++) {
    const digit = buffer.getUint8(offset + i) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

/** Writes a whole number in ASCII digits so that it ends before `end`. Does not allocate. @returns where it begins */
export function putDecimalBefore(buffer: DirectBuffer, end: number, number: number): number {
  let index = end;
  let rest = number;
  do {
    const tenth = Math.floor(rest / 10);
    buffer.putUint8(--index, ZERO + (rest - tenth * 10));
    rest = tenth;
  } while (rest > 0);
  return index;
}
