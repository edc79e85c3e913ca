/**
 * Keeps a number of requests in flight and measures them.
 *
 *   without a rate   each answer begins the next request: the peer's throughput, with latencies under full load
 *   with a rate      request k is to begin at start + k / rate, whatever became of those before; its latency counts
 *                    from then, also if it had to wait for a free slot (no coordinated omission)
 */
import { NO_LEASE, TOO_MANY_STREAMS, type ZeroCopyRSocket } from '../core/index.ts';
import { BACK_PRESSURED } from '../transport/index.ts';
import type { LoadPlan } from './LoadPlan.ts';
import { LoadResult } from './LoadResult.ts';
import { LoadSlot, type SlotOwner } from './LoadSlot.ts';

/** Below this the thread does not sleep until the next request is due: timers are not that exact. */
const SPIN_BELOW_MS = 2;

export class LoadRun implements SlotOwner {
  result: LoadResult = new LoadResult();
  readonly #plan: LoadPlan;
  readonly #idle: LoadSlot[] = [];
  readonly #slots: LoadSlot[];
  #busy = 0;
  /** Slots whose connection has ended, or takes no more streams: they are not used again. */
  #dead = 0;
  /** Requests that were measured, or will be. */
  #begun = 0;
  /** Those of the schedule, the warm-up included. */
  #scheduled = 0;
  #startMs = 0;
  #measureFromMs = 0;
  #isOver = false;
  #settle: () => void = () => {};

  constructor(peers: readonly ZeroCopyRSocket[], plan: LoadPlan) {
    this.#plan = plan;
    const { concurrency, size, streamItems } = plan;
    this.#slots = Array.from({ length: concurrency }, (_, i) => {
      return new LoadSlot(peers[i % peers.length] as ZeroCopyRSocket, this, size, streamItems);
    });
  }

  /** Requests in flight. */
  get inFlight(): number {
    return this.#busy;
  }

  /** Resolves when all that was begun has ended, or been waited for in vain. */
  async run(): Promise<LoadResult> {
    this.#startMs = performance.now();
    this.#measureFromMs = this.#startMs + this.#plan.warmupMs;
    this.result.startMs = this.#measureFromMs;
    const done = new Promise<void>((resolve) => {
      this.#settle = resolve;
    });
    const { durationMs, warmupMs } = this.#plan;
    const timer = durationMs === undefined ? undefined : setTimeout(() => this.stop(), warmupMs + durationMs);
    if (this.#plan.rate === undefined) {
      for (const slot of this.#slots) this.#beginNext(slot);
    } else {
      this.#idle.push(...this.#slots);
      this.#followSchedule(this.#plan.rate);
    }
    await done;
    clearTimeout(timer);
    return this.result;
  }

  /** Begins no more requests, and forgets those that have not left yet. */
  stop(): void {
    for (const slot of this.#slots) {
      if (!slot.isWaiting) continue;
      slot.isWaiting = false;
      slot.isBusy = false;
      this.#busy--;
    }
    this.#beginNoMore();
  }

  onEnd(slot: LoadSlot, items: number): void {
    if (!slot.isBusy) return;
    if (items < 0) {
      this.#release(slot, 'wrong answer');
      return;
    }
    const nowMs = performance.now();
    if (slot.intendedMs >= this.#measureFromMs) this.result.record(nowMs - slot.intendedMs, items, nowMs);
    this.#release(slot, undefined);
  }

  onFailure(slot: LoadSlot, code: string): void {
    if (slot.isBusy) this.#release(slot, code);
  }

  #beginNoMore(): void {
    this.#endIfIdle();
    if (this.#isOver) return;
    this.#isOver = true;
    this.#endIfIdle();
    if (this.#busy === 0) return;
    setTimeout(() => {
      for (const slot of this.#slots) if (slot.isBusy) this.#release(slot, 'no answer');
    }, this.#plan.drainTimeoutMs).unref();
  }

  #release(slot: LoadSlot, failure: string | undefined): void {
    slot.isBusy = false;
    slot.isWaiting = false;
    this.#busy--;
    if (failure !== undefined) this.result.fail(failure);
    if (this.#plan.rate !== undefined) {
      this.#idle.push(slot);
      this.#beginDue(this.#plan.rate);
    } else if (failure === undefined) {
      this.#beginNext(slot);
    } else {
      // In a later turn: a peer that answers everything with an error shall not keep others from their turn.
      setImmediate(() => this.#beginNext(slot));
      return;
    }
    this.#endIfIdle();
  }

  #beginNext(slot: LoadSlot): void {
    this.#begin(slot, performance.now());
    this.#endIfIdle();
  }

  /** @returns false if there is nothing more to begin */
  #begin(slot: LoadSlot, intendedMs: number): boolean {
    if (this.#isOver || slot.isBusy) return false;
    if (intendedMs >= this.#measureFromMs) this.#begun++;
    slot.intendedMs = intendedMs;
    slot.isBusy = true;
    this.#busy++;
    this.#ask(slot);
    if (this.#begun === this.#plan.requests) this.#beginNoMore();
    return true;
  }

  #ask(slot: LoadSlot): void {
    const result = slot.begin();
    if (result > 0) return;
    if (result === BACK_PRESSURED || result === NO_LEASE) {
      slot.isWaiting = true;
      slot.peer.whenWritable(() => {
        if (!slot.isWaiting) return;
        slot.isWaiting = false;
        this.#ask(slot);
      });
      return;
    }
    const isFull = result === TOO_MANY_STREAMS;
    slot.isBusy = false;
    this.#busy--;
    this.result.fail(isFull ? 'ERR_FLYSOCKET_TOO_MANY_STREAMS' : 'ERR_FLYSOCKET_CONNECTION_CLOSED');
    if (++this.#dead === this.#slots.length) this.#beginNoMore();
  }

  #followSchedule(rate: number): void {
    if (this.#isOver) return;
    this.#beginDue(rate);
    const waitMs = this.#startMs + (this.#scheduled / rate) * 1_000 - performance.now();
    if (waitMs > SPIN_BELOW_MS) setTimeout(() => this.#followSchedule(rate), waitMs - SPIN_BELOW_MS / 2);
    else setImmediate(() => this.#followSchedule(rate));
  }

  /** Begins what is due, as far as there are free slots. */
  #beginDue(rate: number): void {
    const nowMs = performance.now();
    while (this.#idle.length > 0 && !this.#isOver) {
      const intendedMs = this.#startMs + (this.#scheduled / rate) * 1_000;
      if (intendedMs > nowMs) return;
      const slot = this.#idle.pop() as LoadSlot;
      this.#scheduled++;
      if (!this.#begin(slot, intendedMs)) this.#idle.push(slot);
    }
  }

  #endIfIdle(): void {
    if (this.#isOver && this.#busy === 0) this.#settle();
  }
}
