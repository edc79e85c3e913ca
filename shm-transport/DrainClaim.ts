/**
 * The right to drain a queue, held by one thread at a time, and with it the right to move the queue's head.
 *
 * The claim is a count: even is free, odd is taken. Taking it is a compare-and-set to the next odd number, leaving it
 * one to the next even number, so no holder is ever mistaken for another. There is no clock in shared memory: a thread
 * that loses notes claim, head and heartbeat; if it loses again after the time-out by its own clock, and none of the
 * three has changed, it takes the claim by a compare-and-set to the odd number after. So clocks of different threads
 * need not agree.
 *
 * A holder that was only asleep must not move the head once its claim is gone. Looking at the claim first would leave a
 * moment between look and move, so the head carries a fence: whoever takes a claim over moves the fence on before it
 * touches a record, and the sleeper's compare-and-set on the head, which still expects the old fence, fails.
 *
 * One object per thread. Nothing here waits; the clock is read only by a loser.
 */
import type { DirectBuffer } from '../flyweight/index.ts';
import { QUEUE_CLAIM_OFFSET, QUEUE_HEAD_OFFSET, QUEUE_HEARTBEAT_OFFSET } from './DrainQueueDescriptor.ts';

const TAKEN = 1;
const NOT_HELD = 0;
/** Only a thread that takes over makes a compare-and-set on the head fail, and needs a time-out to do it again. */
const MAX_FENCE_ATTEMPTS = 64;

export class DrainClaim {
  /** Claims that this object took from a holder that gave no sign of life. */
  takeovers = 0;

  readonly #control: DirectBuffer;
  readonly #claimIndex: number;
  readonly #headIndex: number;
  readonly #heartbeatIndex: number;
  /** The bits of the head that are position; the fence lies above. */
  readonly #positionMask: number;
  readonly #timeoutMs: number;
  readonly #clock: () => number;

  /** The claim while it is this thread's (odd), and the head as this thread moved it last. */
  #held = NOT_HELD;
  #head = 0;
  /** What the holder's words were when they last changed, as seen from here, and when that was seen. */
  #seenClaim = 0;
  #seenHead = 0;
  #seenHeartbeat = 0;
  #seenAtMs = 0;

  /**
   * @param offset of the trailer in `control`
   * @param clock milliseconds that never go back; read by this thread only
   */
  constructor(control: DirectBuffer, offset: number, positionMask: number, timeoutMs: number, clock: () => number) {
    this.#control = control;
    this.#claimIndex = offset + QUEUE_CLAIM_OFFSET;
    this.#headIndex = offset + QUEUE_HEAD_OFFSET;
    this.#heartbeatIndex = offset + QUEUE_HEARTBEAT_OFFSET;
    this.#positionMask = positionMask;
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
  }

  /** The head as the holder moved it last: fence and position. */
  get head(): number {
    return this.#head;
  }

  /** One attempt to become the holder. A holder that gave no sign of life for the time-out is replaced. */
  tryTake(): boolean {
    const control = this.#control;
    const claimIndex = this.#claimIndex;
    const claim = control.getInt32Acquire(claimIndex);
    let held: number;
    if ((claim & TAKEN) === 0) {
      held = (claim + 1) | 0;
      if (!control.compareAndSetInt32(claimIndex, claim, held)) return false;
    } else {
      held = (claim + 2) | 0;
      if (!this.#isDead(claim) || !control.compareAndSetInt32(claimIndex, claim, held)) return false;
      this.takeovers++;
      this.#moveFence();
    }
    this.#head = control.getInt32Acquire(this.#headIndex);
    // If the claim is still ours now, whoever takes it over moves the fence after the load above.
    if (control.getInt32Acquire(claimIndex) !== held) return false;
    this.#held = held;
    return true;
  }

  /** Moves the head on. False if the claim is another's by now: then nothing has changed. */
  tryAdvance(units: number): boolean {
    const control = this.#control;
    const headIndex = this.#headIndex;
    const positionMask = this.#positionMask;
    let head = this.#head;
    for (let attempt = 0; attempt < MAX_FENCE_ATTEMPTS; attempt++) {
      const next = (head & ~positionMask) | ((head + units) & positionMask);
      if (control.compareAndSetInt32(headIndex, head, next)) {
        this.#head = next;
        return true;
      }
      // A thread that was itself replaced while taking over may have moved the fence late, under a claim that is ours.
      const moved = control.getInt32Acquire(headIndex);
      if (!this.isHeld() || ((moved ^ head) & positionMask) !== 0) return false;
      head = moved;
    }
    return false;
  }

  isHeld(): boolean {
    return this.#held !== NOT_HELD && this.#control.getInt32Acquire(this.#claimIndex) === this.#held;
  }

  /** A sign of life from within a long handler. False if the claim is another's by now. */
  renew(): boolean {
    if (!this.isHeld()) return false;
    this.#control.getAndAddInt32(this.#heartbeatIndex, 1);
    return true;
  }

  /** Leaves the claim free, if it is still this thread's. */
  release(): void {
    const held = this.#held;
    if (held === NOT_HELD) return;
    this.#held = NOT_HELD;
    this.#control.compareAndSetInt32(this.#claimIndex, held, (held + 1) | 0);
  }

  #isDead(claim: number): boolean {
    const control = this.#control;
    const head = control.getInt32Acquire(this.#headIndex);
    const heartbeat = control.getInt32Acquire(this.#heartbeatIndex);
    const now = this.#clock() | 0;
    if (claim === this.#seenClaim && head === this.#seenHead && heartbeat === this.#seenHeartbeat) {
      return (now - this.#seenAtMs) >>> 0 >= this.#timeoutMs;
    }
    this.#seenClaim = claim;
    this.#seenHead = head;
    this.#seenHeartbeat = heartbeat;
    this.#seenAtMs = now;
    return false;
  }

  #moveFence(): void {
    const control = this.#control;
    const headIndex = this.#headIndex;
    let head = control.getInt32Acquire(headIndex);
    while (!control.compareAndSetInt32(headIndex, head, (head + this.#positionMask + 1) | 0)) {
      head = control.getInt32Acquire(headIndex);
    }
  }
}
