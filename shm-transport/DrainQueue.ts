/**
 * A queue of work that many threads share: any of them offers, and whichever of them wins the claim drains it, alone,
 * in order, along with what the others add meanwhile. The others return at once and do something else.
 *
 *     if (queue.offer(TYPE, bytes, 0, bytes.length)) queue.drain(handler);    // the same in every thread
 *
 * Nothing stays behind: who offers calls `drain` afterwards, and the winner looks again after it has left the claim. So
 * either the offering thread finds the claim free, or the holder, leaving later, finds the message.
 *
 * Each message is handled exactly once, and no two at the same time, as long as nobody is taken for dead. If a drainer
 * is (it moved no head and sent no `renew` for `drainTimeoutMs`), the message it was handling is delivered again, to
 * whoever takes the claim over. A producer that claims and does not commit holds up those behind it; after
 * `claimTimeoutMs` the drainer revokes its claim, and its `commit` then returns false.
 *
 * Who synchronises with whom (docs/wire/drain-queue.md): the compare-and-set of an entry to committed pairs with its
 * acquire in `drain`, so messages are plain writes and plain reads; the compare-and-set on the head pairs with its
 * acquire in `tryClaim`, so what is overwritten has been handled.
 *
 * An offer is three `Atomics`, a drain of n messages 2 + 2n: V8 calls each, so their number is the cost (EntryTable). A
 * plain read only ever guesses whether there is something to do, so that nothing is lost if it is wrong.
 *
 * One object per thread over the same memory. Nothing here waits or wakes, and nothing allocates but a loser's clock.
 */
import { DirectBuffer } from '../flyweight/index.ts';
import { attachDrainQueue, drainQueueCapacityOf, drainQueueLengthFor } from './attachDrainQueue.ts';
import { DrainClaim } from './DrainClaim.ts';
import {
  ENTRIES_SHIFT,
  ENTRY_CLAIMED,
  ENTRY_COMMITTED,
  ENTRY_SKIPPED,
  ENTRY_STATE_MASK,
  ENTRY_UNITS_SHIFT,
  UNIT_LENGTH,
  UNIT_SHIFT,
} from './DrainQueueDescriptor.ts';
import { EntryTable } from './EntryTable.ts';
import type { MessageHandler } from './MessageHandler.ts';
import { INSUFFICIENT_CAPACITY } from './OneToOneRingBuffer.ts';
import { LENGTH_FIELD_OFFSET, MIN_MSG_TYPE_ID, RECORD_HEADER_LENGTH, TYPE_FIELD_OFFSET } from './RecordDescriptor.ts';
import { MAX_MSG_LENGTH_SHIFT } from './RingBufferDescriptor.ts';
import { corruptPositions, corruptRecord, wrongClaim, wrongMessage } from './ringErrors.ts';

/** What `drain` returns when it handled nothing because another thread drains. */
export const DRAIN_LOST: -1 = -1;
/** How long a drainer may go without a sign of life before another thread may take its claim, in milliseconds. */
export const DRAIN_TIMEOUT_MS = 5_000;
/** How long a message may stay claimed at the head before it is revoked, in milliseconds. */
export const CLAIM_TIMEOUT_MS = 10_000;

const NO_CLAIM = -1;
const NO_LIMIT = 0x7fff_ffff;

/** The bounds of one thread's view of the queue; threads may differ. */
export interface DrainQueueOptions {
  /** `DRAIN_TIMEOUT_MS` unless said. */
  readonly drainTimeoutMs?: number;
  /** `CLAIM_TIMEOUT_MS` unless said. */
  readonly claimTimeoutMs?: number;
  /**
   * Milliseconds that never go back, of which the low 32 bits are used; compared only with what it told this very
   * object, so that the clocks of different threads need not agree. `performance.now` unless said.
   */
  readonly clock?: () => number;
  /** In units of 32 bytes: lets a test begin just below a wrap. Only the initialising thread's counts. */
  readonly initialPosition?: number;
  /** Named in error messages. */
  readonly label?: string;
}

export class DrainQueue {
  /** The data region. */
  readonly buffer: DirectBuffer;
  /** Of the data region, in bytes. */
  readonly capacity: number;
  /** Longest message, in bytes: capacity / 8. */
  readonly maxMsgLength: number;
  readonly label: string;

  readonly #unitMask: number;
  readonly #entries: EntryTable;
  readonly #claim: DrainClaim;
  readonly #claimTimeoutMs: number;
  readonly #clock: () => number;

  /** Producing: the entry of the open claim, and the index of its message. */
  #openEntry = 0;
  #openIndex = NO_CLAIM;

  /** Draining. */
  #isDraining = false;
  /** Where the last drain stopped, and whether it left the claim there, rather than losing it. */
  #stoppedAt = 0;
  #hasLeft = false;
  #blockedPosition = 0;
  #blockedEntry = 0;
  #isTimed = false;
  #blockedAtMs = 0;
  #revocations = 0;

  /**
   * Bytes of shared memory that a queue with this data capacity takes.
   * @throws RSocketError ERR_FLYSOCKET_RING_CAPACITY unless it is a power of two from 512 to 2^30
   */
  static lengthFor(capacity: number): number {
    return drainQueueLengthFor(capacity);
  }

  /**
   * Attaches to the queue in `sharedArrayBuffer`; the first to come initialises zeroed memory.
   * @param sharedArrayBuffer of `lengthFor(capacity)` bytes
   * @throws RSocketError ERR_FLYSOCKET_RING_CAPACITY, ERR_FLYSOCKET_RING_MAGIC, ERR_FLYSOCKET_RING_ATTACH_TIMEOUT
   */
  constructor(sharedArrayBuffer: SharedArrayBuffer, options: DrainQueueOptions = {}) {
    const capacity = drainQueueCapacityOf(sharedArrayBuffer.byteLength);
    const units = capacity >>> UNIT_SHIFT;
    const trailer = capacity >>> ENTRIES_SHIFT;
    this.buffer = new DirectBuffer(sharedArrayBuffer, 0, capacity);
    this.capacity = capacity;
    this.maxMsgLength = capacity >>> MAX_MSG_LENGTH_SHIFT;
    this.label = options.label ?? 'drain queue';
    this.#unitMask = units - 1;
    this.#claimTimeoutMs = options.claimTimeoutMs ?? CLAIM_TIMEOUT_MS;
    this.#clock = options.clock ?? monotonicMs;
    const positionMask = 2 * units - 1;
    const control = new DirectBuffer(sharedArrayBuffer, capacity);
    attachDrainQueue(control, trailer, (options.initialPosition ?? 0) | 0, positionMask);
    const words = new Int32Array(sharedArrayBuffer, capacity);
    this.#entries = new EntryTable(words, trailer, units);
    const drainTimeoutMs = options.drainTimeoutMs ?? DRAIN_TIMEOUT_MS;
    this.#claim = new DrainClaim(words, trailer, positionMask, drainTimeoutMs, this.#clock);
  }

  /**
   * Claims, copies and commits; then call `drain`, in this thread or another. Allocates nothing if `source` is a
   * DirectBuffer (up to 2 KiB, or whole) or is copied whole, else a view of about 100 bytes.
   * @returns false if there is no room, and nothing is written then; or if the thread slept so long between claim and
   *   commit that the claim was revoked, and nothing is delivered then
   * @throws RSocketError ERR_FLYSOCKET_RING_MESSAGE; ERR_FLYSOCKET_OUT_OF_BOUNDS if the bytes are not within `source`
   */
  offer(msgTypeId: number, source: Uint8Array | DirectBuffer, offset: number, length: number): boolean {
    const index = this.#place(msgTypeId, length);
    if (index < 0) return false;
    const unit = index >>> UNIT_SHIFT;
    const entry = this.#entries.placed;
    try {
      if (source instanceof DirectBuffer) this.buffer.putBuffer(index, source, offset, length);
      else this.buffer.putBytes(index, source, offset, length);
    } catch (error) {
      this.#entries.settle(unit, entry, ENTRY_SKIPPED);
      throw error;
    }
    return this.#entries.settle(unit, entry, ENTRY_COMMITTED);
  }

  /**
   * Claims the place of a message, to be written into `buffer` by this thread. At most one claim is open per object:
   * `commit` or `abort` it soon, since the messages behind it wait.
   * @param msgTypeId 1 or more
   * @param length of the message, 0 to `maxMsgLength`
   * @returns the index in `buffer` of the message's first byte, 8 more than a multiple of 32, or INSUFFICIENT_CAPACITY
   * @throws RSocketError ERR_FLYSOCKET_RING_MESSAGE for a type or length out of range
   * @throws RSocketError ERR_FLYSOCKET_RING_CLAIM if a claim is open
   */
  tryClaim(msgTypeId: number, length: number): number {
    if (this.#openIndex !== NO_CLAIM) throw wrongClaim(this.label, 'claim', undefined, this.#openIndex);
    const index = this.#place(msgTypeId, length);
    if (index < 0) return index;
    this.#openEntry = this.#entries.placed;
    this.#openIndex = index;
    return index;
  }

  /**
   * Makes the claimed message readable; then call `drain`, in this thread or another.
   * @returns false if the claim was revoked meanwhile: nothing is delivered
   * @throws RSocketError ERR_FLYSOCKET_RING_CLAIM if `index` is not that of the open claim
   */
  commit(index: number): boolean {
    return this.#entries.settle(index >>> UNIT_SHIFT, this.#endClaim('commit', index), ENTRY_COMMITTED);
  }

  /**
   * Turns the claimed place into padding.
   * @throws RSocketError ERR_FLYSOCKET_RING_CLAIM if `index` is not that of the open claim
   */
  abort(index: number): void {
    this.#entries.settle(index >>> UNIT_SHIFT, this.#endClaim('abort', index), ENTRY_SKIPPED);
  }

  /**
   * Drains, if no other thread does. The winner gives each message to `handler`, in the order in which places were
   * claimed, and moves the head after each; it ends when nothing committed is left or `limit` is reached. If `handler`
   * throws, that message counts as handled, the claim is left, and the error comes out of here: call `drain` again.
   * @param handler gets bytes of the queue, valid until it returns; it may offer, and it calls `renew` if it is slow
   * @param limit the most messages to handle; after that many there may be more, and it is for the caller to come back
   * @returns the number of messages handled; 0 if there was none to handle; DRAIN_LOST if another thread drains, or the
   *   same one further up its stack
   * @throws RSocketError ERR_FLYSOCKET_RING_CORRUPT if a record or position is not what a producer writes
   */
  drain(handler: MessageHandler, limit: number = NO_LIMIT): number {
    if (this.#isDraining) return DRAIN_LOST;
    if (!this.#entries.headLooksSettled() && this.#entries.isHeadVacant()) return 0;
    let handled = 0;
    do {
      if (!this.#claim.tryTake()) return handled === 0 ? DRAIN_LOST : handled;
      handled += this.#drainTaken(handler, limit - handled);
    } while (handled < limit && this.#isMoreThere());
    return handled;
  }

  /** For a handler that takes longer than the time-out: a sign of life. False if another thread drains by now. */
  renew(): boolean {
    return this.#claim.renew();
  }

  /** Whether no place is taken. Any thread. */
  isEmpty(): boolean {
    return this.#entries.unitsTaken() === 0;
  }

  /** Bytes taken by messages claimed, committed and being handled, 0 to `capacity`. Any thread. */
  size(): number {
    return this.#entries.unitsTaken() << UNIT_SHIFT;
  }

  /** Claims that this object took from drainers that gave no sign of life. */
  takeovers(): number {
    return this.#claim.takeovers;
  }

  /** Claims of producers that this object revoked while it drained. */
  revocations(): number {
    return this.#revocations;
  }

  /** Takes a place and writes the record's header; returns the index of the message. */
  #place(msgTypeId: number, length: number): number {
    if (!(msgTypeId >= MIN_MSG_TYPE_ID) || !(length >= 0 && length <= this.maxMsgLength)) {
      throw wrongMessage(this.label, msgTypeId, length, this.maxMsgLength);
    }
    const recordLength = (length + RECORD_HEADER_LENGTH) | 0;
    const unit = this.#entries.takePlace((recordLength + (UNIT_LENGTH - 1)) >> UNIT_SHIFT);
    if (unit < 0) return INSUFFICIENT_CAPACITY;
    const index = unit << UNIT_SHIFT;
    this.buffer.putInt32Native(index + LENGTH_FIELD_OFFSET, recordLength);
    this.buffer.putInt32Native(index + TYPE_FIELD_OFFSET, msgTypeId);
    return (index + RECORD_HEADER_LENGTH) | 0;
  }

  #endClaim(operation: string, index: number): number {
    if (index !== this.#openIndex || index < 0) throw wrongClaim(this.label, operation, index, this.#openIndex);
    this.#openIndex = NO_CLAIM;
    return this.#openEntry;
  }

  /** The second look, after the claim was left. */
  #isMoreThere(): boolean {
    return this.#hasLeft ? this.#entries.isSettled(this.#stoppedAt) : this.#entries.isHeadSettled();
  }

  #drainTaken(handler: MessageHandler, limit: number): number {
    const entries = this.#entries;
    const claim = this.#claim;
    const unitMask = this.#unitMask;
    let position = claim.isContinued ? this.#stoppedAt : entries.positionOf(claim.head);
    let handled = 0;
    let units = 0;
    this.#isDraining = true;
    try {
      while (handled < limit) {
        if (units !== 0) {
          if (!claim.tryAdvance(units)) break;
          position = (position + units) | 0;
          units = 0;
        }
        const unit = position & unitMask;
        const entry = entries.entryAt(unit);
        if (!entries.isPlace(position, entry)) {
          this.#checkVacant(position);
          break;
        }
        const state = entry & ENTRY_STATE_MASK;
        const entryUnits = (entry & unitMask) >>> ENTRY_UNITS_SHIFT;
        if (state !== ENTRY_COMMITTED) {
          if (state === ENTRY_CLAIMED) {
            if (this.#revokeIfDead(position, entry)) continue;
            break;
          }
          entries.helpPast(position, entryUnits);
        }
        if (entryUnits > 1) entries.renewEntries(position, entryUnits);
        units = entryUnits;
        if (state === ENTRY_COMMITTED) {
          if (!this.#handle(handler, unit << UNIT_SHIFT, units << UNIT_SHIFT)) {
            units = 0;
            break;
          }
          handled++;
        }
        if (!entries.looksSettled((position + units) | 0)) break;
      }
    } finally {
      this.#isDraining = false;
      this.#stoppedAt = (position + units) | 0;
      this.#hasLeft = claim.release(units);
    }
    return handled;
  }

  /** Throws if what is at `position` is neither a place nor vacant, unless another thread drains by now. */
  #checkVacant(position: number): void {
    const entries = this.#entries;
    // The tail first: an entry that is vacant after it was vacant when the tail was there.
    const tail = entries.tail();
    const entry = entries.entryAt(position & this.#unitMask);
    if (entries.isPlace(position, entry) || (tail === position && !entries.isSettledEntry(position, entry))) return;
    if (!this.#claim.isHeld()) return;
    throw corruptPositions(this.label, tail, position, this.#unitMask + 1);
  }

  /** Checks a copy of the record's header and hands over the message. False if the record is another's by now. */
  #handle(handler: MessageHandler, index: number, available: number): boolean {
    const buffer = this.buffer;
    const length = buffer.getInt32Native(index + LENGTH_FIELD_OFFSET);
    const msgTypeId = buffer.getInt32Native(index + TYPE_FIELD_OFFSET);
    const unused = (available - length) | 0;
    if (msgTypeId < MIN_MSG_TYPE_ID || length < RECORD_HEADER_LENGTH || unused < 0 || unused >= UNIT_LENGTH) {
      if (!this.#claim.isHeld()) return false;
      throw corruptRecord(this.label, index, length, msgTypeId, available, this.capacity);
    }
    handler(msgTypeId, buffer, (index + RECORD_HEADER_LENGTH) | 0, (length - RECORD_HEADER_LENGTH) | 0);
    return true;
  }

  /**
   * Decided by the drainer alone, and settled by the entry: the producer's own compare-and-set fails from then on. The
   * first look notes the entry, the second of the same starts the clock: most are committed by then.
   * @returns whether the entry is to be looked at again
   */
  #revokeIfDead(position: number, entry: number): boolean {
    if (position !== this.#blockedPosition || entry !== this.#blockedEntry) {
      this.#blockedPosition = position;
      this.#blockedEntry = entry;
      this.#isTimed = false;
      return false;
    }
    const now = this.#clock() | 0;
    if (!this.#isTimed) {
      this.#isTimed = true;
      this.#blockedAtMs = now;
    }
    if ((now - this.#blockedAtMs) >>> 0 < this.#claimTimeoutMs) return false;
    if (this.#entries.settle(position & this.#unitMask, entry, ENTRY_SKIPPED)) this.#revocations++;
    return true;
  }
}

/** Only who finds the same twice, lost or blocked, looks at the clock: the engine boxes it, 16 bytes (measured). */
function monotonicMs(): number {
  return performance.now() | 0;
}
