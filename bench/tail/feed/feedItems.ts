/**
 * An item of the feed:
 *
 *     0       8     12                  length - 1
 *     +-------+-----+-------------------+---+
 *     | sent  | seq |  zeros            | c |     c: lowest byte of seq
 *     +-------+-----+-------------------+---+
 *
 * `sent` is a float64, milliseconds of a clock that all processes of this machine share.
 */
export const ITEM_LENGTH = 8_192;
/** Items for each consumer: so many each time, and how often, in milliseconds. */
export const ITEMS_PER_TICK = 5;
export const TICK_MS = 5;

const SEQUENCE_OFFSET = 8;
const LAST = ITEM_LENGTH - 1;

/** Of a consumer's subscription: the letter that begins it. */
export const FAST = 'fast';
export const SLOW = 'slow';

/** Milliseconds of the machine's monotonic clock. */
export function machineNow(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

export function writeItem(view: DataView, sequence: number): void {
  view.setFloat64(0, machineNow());
  view.setUint32(SEQUENCE_OFFSET, sequence);
  view.setUint8(LAST, sequence & 0xff);
}

export interface FeedItem {
  readonly sequence: number;
  /** How old it is, in milliseconds. */
  readonly ageMs: number;
}

/** @throws Error if it is no item of the feed */
export function readItem(bytes: Uint8Array): FeedItem {
  if (bytes.length !== ITEM_LENGTH) throw new Error(`wrong item: ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const sequence = view.getUint32(SEQUENCE_OFFSET);
  if (view.getUint8(LAST) !== (sequence & 0xff))
    throw new Error(`wrong item: ${sequence} at its front, not at its end`);
  return { sequence, ageMs: machineNow() - view.getFloat64(0) };
}
