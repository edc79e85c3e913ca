/**
 * What makes a thread a plain single-threaded program between two touches of shared memory. Each thread has one. A pass
 * visits every inbound ring, runs the handlers, publishes every outbound ring once, and looks again a bounded number of
 * times before it gives the thread back to its event loop: that return, not the atomics, is what costs. A lone
 * request takes 0.9 us with 200 such looks and 2.1 us with none (measured).
 *
 *   pass -> work? -> pass in the next turn -> ... -> idle turns -> park: PARKED, look once more, sleep -> doorbell
 *
 * It polls for a short, bounded while after work, since waking a sleeping thread costs 20 to 80 us; but not where
 * processors are busy with other things. There the scheduler takes a thread that polls for one that computes, and lets
 * it wait for a processor whenever it is woken: a request at a time then makes 1 thousand a second, 13 to 20 thousand
 * if both threads park at once (measured, load 9 on two processors). It shows by wake-ups that come late. A parked
 * thread also looks by itself twice a second, so that a peer that died between taking the wake-up and giving it costs a
 * second at most.
 */
import { BlockKind, CounterBlock, processCounters, ThreadCounter } from '../counters/index.ts';
import { RSocketError } from '../flyweight/index.ts';
import { PollScore } from '../transport/index.ts';
import { epochMs } from './Doorbell.ts';
import { platform } from './platform.ts';
import { AWAKE, BLOCKED, PARKED, THREAD_CELL_LENGTH } from './ThreadCellDescriptor.ts';

/**
 * Messages that one ring may hand over before the next one has its turn and what was answered is published: few enough
 * that two threads work side by side and not in turns (measured: 3.8 million requests a second, 3.0 with 512).
 */
const MESSAGES_PER_VISIT = 32;
/** Empty looks at the rings before a pass ends. One costs about 10 ns a ring. */
const SPINS_PER_PASS = 200;
/** Messages after which a pass ends in any case, so that timers and I/O get their turn: a few milliseconds. */
const MESSAGES_PER_PASS = 16_384;
/** A wake-up, or a while of polling, that takes longer than this had to wait for a processor. */
const LATE_MS = 0.5;
/** Once polling has made wake-ups late, so many times the thread parks at once before it tries again. */
const PARKS_BETWEEN_TRIALS = 512;
/** How often a parked thread looks at its rings unasked; what it finds twice in a row was a wake-up that got lost. */
const PARK_CHECK_INTERVAL_MS = 500;
/** The longest single sleep of `runBlocking`. */
const MAX_BLOCK_MS = 100;
/** How long who has published something may take to wake the sleeper, before that counts as lost. */
const WAKE_GRACE_MS = 10;

/** A link, as the loop sees it. None of these calls should throw: the loop lives on, but the error is uncaught. */
export interface DrainSource {
  /** Handles at most `limit` messages. @returns how many */
  drain(limit: number): number;
  /** Publishes what was committed, and wakes the peer if it sleeps. */
  flush(): void;
  /** Asked by a thread that has declared itself asleep: is there anything that nobody will wake it for? */
  hasWork(): boolean;
}

/** Numbers kept elsewhere in this thread, which the loop has copied into shared counters now and then. */
export interface CountersCopy {
  /** Called after each pass that did work and before each sleep. */
  copy(): void;
}

/** How a thread waits: longer looks answer sooner, and cost more processor time. */
export interface DrainLoopOptions {
  /** Empty looks before a pass ends; 0 never looks twice. Default `SPINS_PER_PASS`. */
  readonly spinsPerPass?: number;
  /** Idle turns before the thread parks; 0 parks at once. Default that of the platform, as long as polling pays. */
  readonly idleTurnsBeforePark?: number;
}

export class DrainLoop {
  /** This thread's ThreadCell, for the other ends of its links. */
  readonly cell: SharedArrayBuffer = newCell();
  /** True while a pass runs or is due: what is committed now will be flushed without a `wake`. */
  isAwake = false;
  /** Of kind THREAD; other threads can read it once the loop has had a source. */
  counters: CounterBlock = CounterBlock.unregistered(BlockKind.THREAD, 'drain loop');
  readonly #state: Int32Array = new Int32Array(this.cell);
  readonly #turn: () => void;
  readonly #sources: DrainSource[] = [];
  readonly #copies: CountersCopy[] = [];
  #spinsPerPass: number = SPINS_PER_PASS;
  #idleTurnsBeforePark: number = platform.idleTurnsBeforePark;
  #idleTurns = 0;
  /** By `performance.now`, the first idle turn. */
  #idleSince = 0;
  /** Undefined where the program has said how long to poll. */
  #pollScore: PollScore | undefined = new PollScore(PARKS_BETWEEN_TRIALS);
  /** It polled before it parked. */
  #hasPolled = false;
  #isTurnDue = false;
  #inPass = false;
  #yieldSoon = false;
  #parks = 0;
  /** Value of `#parks` at an unasked look that found work. */
  #suspectedPark = -1;
  #parkCheck: ReturnType<typeof setInterval> | undefined;

  static #ofThisThread: DrainLoop | undefined;

  /** The loop of the calling thread; every link of the thread is drained by it. */
  static ofThisThread(): DrainLoop {
    DrainLoop.#ofThisThread ??= new DrainLoop();
    return DrainLoop.#ofThisThread;
  }

  constructor() {
    this.#turn = () => {
      this.#isTurnDue = false;
      this.#onTurn();
    };
  }

  /** Changes how this thread waits. @throws nothing; values below 0 count as 0 */
  configure({ spinsPerPass, idleTurnsBeforePark }: DrainLoopOptions): void {
    if (spinsPerPass !== undefined) this.#spinsPerPass = spinsPerPass;
    if (idleTurnsBeforePark === undefined) return;
    this.#idleTurnsBeforePark = idleTurnsBeforePark;
    this.#pollScore = undefined;
  }

  add(source: DrainSource): void {
    if (this.counters.index < 0) this.counters = processCounters().allocate(BlockKind.THREAD, 'drain loop');
    this.#sources.push(source);
    if (this.#parkCheck === undefined) {
      this.#parkCheck = setInterval(() => this.#checkParked(), PARK_CHECK_INTERVAL_MS);
      platform.unref(this.#parkCheck);
    }
    this.wake();
  }

  /** May be called within a pass. */
  remove(source: DrainSource): void {
    const index = this.#sources.indexOf(source);
    if (index >= 0) this.#sources.splice(index, 1);
    if (this.#sources.length === 0) {
      clearInterval(this.#parkCheck);
      this.#parkCheck = undefined;
    } else {
      // The wake-up for another source may have been on its way through what this one has closed.
      this.wake();
    }
  }

  /** From now on the loop calls `copy.copy()`. */
  addCopy(copy: CountersCopy): void {
    this.#copies.push(copy);
  }

  /** A pass follows in the next turn of the event loop, if none is due already. */
  wake(): void {
    if (this.isAwake) return;
    this.#awake();
    this.#scheduleTurn();
  }

  /** A doorbell has rung: a pass now, in the turn that brought it. @param rungAtMs by `epochMs` */
  onDoorbell(rungAtMs: number): void {
    this.counters.add(ThreadCounter.WAKES, 1);
    if (this.isAwake) return;
    if (this.#hasPolled) this.#judge(epochMs() - rungAtMs);
    this.#awake();
    this.#onTurn();
  }

  /** A callback has left work for the event loop, such as a settled promise: this pass shall not wait for more. */
  yieldSoon(): void {
    this.#yieldSoon = true;
  }

  /**
   * For a thread that owns itself: drains, and sleeps in Atomics.wait when there is nothing to do, until `isDone` or
   * `forMs` have passed. Both are looked at between passes. The event loop stands still meanwhile, so timers, I/O,
   * promises and the death of a peer wait for it.
   * @throws RSocketError ERR_FLYSOCKET_LOOP_REENTRANT from within a handler, ERR_FLYSOCKET_MAY_NOT_BLOCK in the main
   *   thread of a page; and what `isDone` throws
   */
  runBlocking(isDone: () => boolean, forMs: number): void {
    if (this.#inPass) {
      throw new RSocketError('ERR_FLYSOCKET_LOOP_REENTRANT', 'runBlocking called from within a handler');
    }
    if (!platform.canBlock) {
      throw new RSocketError('ERR_FLYSOCKET_MAY_NOT_BLOCK', 'the main thread of a page may not sleep in Atomics.wait');
    }
    const end = performance.now() + forMs;
    this.#awake();
    try {
      while (!isDone()) {
        const work = this.#pass();
        const left = end - performance.now();
        if (left <= 0) break;
        if (work === 0) this.#block(Math.min(left, MAX_BLOCK_MS));
      }
    } finally {
      this.#inPass = false;
      this.#scheduleTurn();
    }
  }

  #awake(): void {
    this.isAwake = true;
    this.#idleTurns = 0;
    Atomics.store(this.#state, 0, AWAKE);
  }

  #scheduleTurn(): void {
    if (this.#isTurnDue) return;
    this.#isTurnDue = true;
    platform.nextTurn(this.#turn);
  }

  #onTurn(): void {
    if (!this.isAwake) return;
    let work = 1;
    try {
      work = this.#pass();
    } finally {
      this.#inPass = false;
      if (work > 0 ? this.#hasWorked() : this.#mayPoll()) this.#scheduleTurn();
      else this.#park();
    }
  }

  #hasWorked(): true {
    if (this.#idleTurns > 0) this.#judge(performance.now() - this.#idleSince);
    this.#idleTurns = 0;
    return true;
  }

  /** After a turn without work: whether to look again in the next one. */
  #mayPoll(): boolean {
    if (this.#idleTurns === 0) {
      this.#hasPolled = this.#pollScore?.isWorthATry() !== false;
      if (!this.#hasPolled) return false;
      this.#idleSince = performance.now();
    }
    this.#idleTurns++;
    if (this.#idleTurns < this.#idleTurnsBeforePark) return true;
    if (performance.now() - this.#idleSince > LATE_MS) this.#pollScore?.miss();
    return false;
  }

  /** Polling is judged by how long what ends it has taken: work that came, or the wake-up after it. */
  #judge(tookMs: number): void {
    if (tookMs > LATE_MS) this.#pollScore?.miss();
    else this.#pollScore?.hit();
  }

  /** @returns the number of messages handled */
  #pass(): number {
    this.#inPass = true;
    this.#yieldSoon = false;
    const sources = this.#sources;
    const spins = this.#spinsPerPass;
    let work = 0;
    let empty = 0;
    do {
      let handled = 0;
      for (let i = 0; i < sources.length; i++) handled += (sources[i] as DrainSource).drain(MESSAGES_PER_VISIT);
      for (let i = 0; i < sources.length; i++) (sources[i] as DrainSource).flush();
      if (handled === 0) empty++;
      else empty = 0;
      work += handled;
    } while (empty < spins && work < MESSAGES_PER_PASS && !this.#yieldSoon);
    this.#inPass = false;
    this.#count(work);
    return work;
  }

  #park(): void {
    Atomics.store(this.#state, 0, PARKED);
    this.isAwake = false;
    if (this.#anyHasWork()) {
      this.wake();
      return;
    }
    this.#parks++;
    this.counters.add(ThreadCounter.PARKS, 1);
    this.#copy();
  }

  #block(forMs: number): void {
    const state = this.#state;
    Atomics.store(state, 0, BLOCKED);
    if (!this.#anyHasWork()) {
      const { counters } = this;
      counters.add(ThreadCounter.PARKS, 1);
      if (Atomics.wait(state, 0, BLOCKED, forMs) !== 'timed-out') {
        counters.add(ThreadCounter.WAKES, 1);
      } else if (this.#anyHasWork() && Atomics.wait(state, 0, BLOCKED, WAKE_GRACE_MS) === 'timed-out') {
        counters.add(ThreadCounter.WAKE_TIMEOUTS, 1);
      }
    }
    Atomics.store(state, 0, AWAKE);
  }

  #checkParked(): void {
    if (this.isAwake) return;
    // Who took the wake-up may have died with it: the next one to publish something shall ring again.
    Atomics.store(this.#state, 0, PARKED);
    if (!this.#anyHasWork()) return;
    if (this.#suspectedPark !== this.#parks) {
      this.#suspectedPark = this.#parks;
      return;
    }
    this.counters.add(ThreadCounter.WAKE_TIMEOUTS, 1);
    this.wake();
  }

  #anyHasWork(): boolean {
    const sources = this.#sources;
    for (let i = 0; i < sources.length; i++) if ((sources[i] as DrainSource).hasWork()) return true;
    return false;
  }

  #count(work: number): void {
    const counters = this.counters;
    counters.add(ThreadCounter.PASSES, 1);
    if (work === 0) {
      counters.add(ThreadCounter.IDLE_TURNS, 1);
      return;
    }
    counters.add(ThreadCounter.WORK, work);
    if (work >= MESSAGES_PER_PASS) counters.add(ThreadCounter.BUDGETS_EXHAUSTED, 1);
    counters.advanceTo(ThreadCounter.DRAIN_TIME_STAMP_MS, Date.now());
    this.#copy();
  }

  #copy(): void {
    const copies = this.#copies;
    for (let i = 0; i < copies.length; i++) (copies[i] as CountersCopy).copy();
  }
}

/** Where memory can't be shared the loop has no links to serve; it still gives pools their copies. */
function newCell(): SharedArrayBuffer {
  return platform.canShareMemory
    ? new SharedArrayBuffer(THREAD_CELL_LENGTH)
    : (new ArrayBuffer(THREAD_CELL_LENGTH) as unknown as SharedArrayBuffer);
}
