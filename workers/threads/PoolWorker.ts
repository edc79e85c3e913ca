/**
 * One thread of a pool, with its link and the calls that have a place in it.
 *
 *   STARTING --> READY --> RETIRING --> ENDING --> GONE
 *       '----------'-----------------------^
 *
 * RETIRING: gets no more calls, and ends when it has none. ENDING: its thread was told to end, or has.
 */
import type { Worker } from 'node:worker_threads';
import type { RSocketError } from '../../flyweight/index.ts';
import type { WorkerPeer } from '../../shm-transport/index.ts';
import { BACK_PRESSURED } from '../../transport/index.ts';
import type { CallLink } from '../calls/CallLink.ts';
import { type CallPlace, CallState, type PoolCall } from '../calls/PoolCall.ts';
import { StartedCalls } from '../calls/StartedCalls.ts';
import { DEATH_NOTICE_TIMEOUT_MS } from '../limits.ts';
import { type HistogramSummary, PoolHistogram } from './PoolHistogram.ts';
import { SignOfLife } from './SignOfLife.ts';

/** Timers may be that early. */
const TIMER_SLACK_MS = 2;

/** What a thread is good for; later is more. */
export const WorkerState = { STARTING: 0, READY: 1, RETIRING: 2, ENDING: 3, GONE: 4 } as const;

/** Who has the threads of a pool; told what happens to them. */
export interface WorkerOwner {
  /** A call has ended and its place is free, or there is room in the link again. */
  onPlaceFree(worker: PoolWorker): void;
  /** A call began in a thread, or ended there. */
  onCallStarted(call: PoolCall): void;
  onCallEnded(call: PoolCall): void;
  /** A call has ended without having begun. */
  onCallDropped(call: PoolCall): void;
  /** The thread is of no more use. */
  end(worker: PoolWorker): void;
}

/** A thread as load balancers and events see it: what piscina shows of its own. */
export interface WorkerView {
  /** The thread's id; less than 0 once it has ended. */
  readonly id: number;
  /** Calls that have a place in it. */
  readonly currentUsage: number;
  /** One of them can be aborted, and there is no other. */
  readonly isRunningAbortableTask: boolean;
  /** With `workerHistogram`: how long calls have run in it. */
  readonly histogram: HistogramSummary | null;
  readonly terminating: boolean;
  readonly destroyed: boolean;
}

/** What a worker needs to know of its pool. */
interface WorkerLimits {
  readonly concurrentTasksPerWorker: number;
  readonly maxTasksPerThread: number;
  readonly abortGraceMs: number;
  readonly signOfLifeTimeoutMs: number;
  readonly workerHistogram: boolean;
}

export class PoolWorker implements WorkerView, CallPlace {
  /** Set once the link is open. */
  link!: CallLink;
  /** Set when piscina has made it. */
  thread: Worker | undefined;
  state: number = WorkerState.STARTING;
  /** It has been READY. */
  wasReady = false;
  /** It was the pool that ended the thread. */
  isEndWanted = false;
  /** It was because the pool is being destroyed. */
  isDestroyed = false;
  /** Why the thread has ended, as far as is known. */
  failure: unknown;
  /** It was an error that nobody caught there. */
  hasThrown = false;
  /** Resolves when the thread and its link have ended, and what was lost with them has been dealt with. */
  readonly whenGone: Promise<void>;
  /** Calls that have a place here. */
  currentUsage = 0;
  /** Since when that is 0, by `performance.now`. */
  idleSince = 0;
  readonly started: StartedCalls;
  #peer: WorkerPeer | undefined;
  #onGone!: () => void;
  readonly #owner: WorkerOwner;
  readonly #limits: WorkerLimits;
  readonly #histogram: PoolHistogram | undefined;
  /** Calls whose stream has ended with the link. */
  #lost: PoolCall[] = [];
  /** Calls that have a place and a signal. */
  #abortable = 0;
  /** Calls given up that have not ended. */
  readonly #givenUp: Set<PoolCall> = new Set();
  #tasksBegun = 0;
  /** The link has no room. */
  #isBlocked = false;
  #graceTimer: NodeJS.Timeout | undefined;
  #deathTimer: NodeJS.Timeout | undefined;

  constructor(owner: WorkerOwner, limits: WorkerLimits) {
    this.whenGone = new Promise((resolve) => {
      this.#onGone = resolve;
    });
    this.#owner = owner;
    this.#limits = limits;
    this.#histogram = limits.workerHistogram ? new PoolHistogram() : undefined;
    this.started = new StartedCalls(limits.concurrentTasksPerWorker);
  }

  get id(): number {
    return this.thread?.threadId ?? -1;
  }

  get isRunningAbortableTask(): boolean {
    return this.currentUsage === 1 && this.#abortable === 1;
  }

  get histogram(): HistogramSummary | null {
    return this.#histogram?.summary ?? null;
  }

  get terminating(): boolean {
    return this.state === WorkerState.ENDING;
  }

  get destroyed(): boolean {
    return this.state === WorkerState.GONE;
  }

  /** It may be given a call, if its balancer thinks so. */
  get takesCalls(): boolean {
    return this.state === WorkerState.READY && !this.#isBlocked && !this.link.peer.isClosed;
  }

  /**
   * Gives a call a place here and sends it.
   * @returns false if that cannot be done now; nothing was sent. True also if the call has failed at once
   */
  begin(call: PoolCall): boolean {
    const slot = this.started.take();
    let result: number;
    try {
      result = this.link.define(call.target);
      if (result > 0) result = call.send(this.link, slot);
    } catch (error) {
      this.started.give(slot);
      call.fail(error);
      this.#owner.onCallDropped(call);
      return true;
    }
    if (result <= 0) {
      this.started.give(slot);
      this.#refused(result);
      return false;
    }
    call.streamId = result;
    call.slot = slot;
    this.currentUsage++;
    if (call.isAbortable) this.#abortable++;
    this.#owner.onCallStarted(call);
    call.begun(this);
    if (++this.#tasksBegun >= this.#limits.maxTasksPerThread) this.retire();
    return true;
  }

  /** A call has ended here. */
  onCallEnded(call: PoolCall): void {
    this.#free(call);
    this.#owner.onCallEnded(call);
    this.#owner.onPlaceFree(this);
  }

  /** A call's stream has failed: the call alone, or the link and all with it. */
  onCallFailed(call: PoolCall, error: RSocketError): void {
    if (this.link.peer.isClosed) {
      this.#lost.push(call);
      return;
    }
    this.#free(call);
    if (call.state === CallState.GIVEN_UP) call.end();
    else call.fail(error);
    this.#owner.onCallEnded(call);
    this.#owner.onPlaceFree(this);
  }

  /** The caller of that call wants nothing more of it. It keeps its place until it has ended. */
  giveUp(call: PoolCall): void {
    this.#givenUp.add(call);
    this.#sendAbort(call);
    this.#armGraceTimer();
  }

  /** Gets no more calls; the thread ends when it has none. */
  retire(): void {
    if (this.state === WorkerState.READY) this.state = WorkerState.RETIRING;
    if (this.currentUsage === 0) this.#owner.end(this);
  }

  /** The link is open. */
  open(peer: WorkerPeer, link: CallLink): void {
    this.#peer = peer.unref();
    this.link = link;
    peer.onClose.then((error) => {
      // Without its link a thread is of no use.
      if (this.state < WorkerState.ENDING) this.#armDeathTimer(error);
    });
  }

  /** Resolves when the link has ended, by itself or at the end of that time. */
  async whenUnlinked(withinMs: number): Promise<void> {
    const peer = this.#peer;
    if (peer === undefined) return;
    const timer = setTimeout(() => peer.destroy(), withinMs);
    await peer.onClose;
    clearTimeout(timer);
  }

  /** All that was here has been dealt with. */
  gone(): void {
    this.state = WorkerState.GONE;
    this.#onGone();
  }

  /** The thread and its link have ended. @returns the calls that had a place */
  takeLost(): PoolCall[] {
    clearTimeout(this.#graceTimer);
    clearTimeout(this.#deathTimer);
    const lost = this.#lost;
    this.#lost = [];
    for (const call of lost) this.#free(call);
    return lost;
  }

  #free(call: PoolCall): void {
    this.currentUsage--;
    this.started.give(call.slot);
    if (call.isAbortable) this.#abortable--;
    if (call.givenUpAt !== 0) this.#givenUp.delete(call);
    this.#histogram?.record(performance.now() - call.started);
    if (this.currentUsage !== 0) return;
    this.idleSince = performance.now();
    if (this.state === WorkerState.RETIRING) this.#owner.end(this);
  }

  #refused(result: number): void {
    if (this.#isBlocked || result !== BACK_PRESSURED) return;
    this.#isBlocked = true;
    this.link.whenWritable(() => {
      this.#isBlocked = false;
      if (this.state === WorkerState.READY) this.#owner.onPlaceFree(this);
    });
  }

  #sendAbort(call: PoolCall): void {
    if (call.state === CallState.ENDED || this.link.peer.isClosed) return;
    if (this.link.abort(call.streamId) === BACK_PRESSURED) this.link.whenWritable(() => this.#sendAbort(call));
  }

  #armGraceTimer(): void {
    if (this.#graceTimer !== undefined || this.state >= WorkerState.ENDING) return;
    this.#graceTimer = setTimeout(() => {
      this.#graceTimer = undefined;
      this.#onGraceOver();
    }, this.#limits.abortGraceMs);
  }

  /** The thread may have ended, too: that is heard of soon, and tells why. */
  #armDeathTimer(error: RSocketError | undefined): void {
    this.#deathTimer = setTimeout(() => {
      this.failure ??= error;
      this.#owner.end(this);
    }, DEATH_NOTICE_TIMEOUT_MS);
  }

  #onGraceOver(): void {
    const latest = performance.now() - this.#limits.abortGraceMs + TIMER_SLACK_MS;
    let overdue = 0;
    for (const call of this.#givenUp) if (call.givenUpAt <= latest) overdue++;
    if (overdue > 0 && overdue === this.currentUsage) {
      this.#owner.end(this);
    } else if (overdue > 0) {
      // Others run here too, and are to live unless the thread is stuck.
      new SignOfLife(this.link, this.#limits.signOfLifeTimeoutMs, (lives) => {
        if (lives) this.#onAlive();
        else if (this.#givenUp.size > 0) this.#owner.end(this);
      });
    } else {
      this.#onAlive();
    }
  }

  #onAlive(): void {
    if (this.#givenUp.size > 0) this.#armGraceTimer();
  }
}
