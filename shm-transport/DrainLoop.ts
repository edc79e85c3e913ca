/**
 * What makes a thread a plain single-threaded program between two touches of shared memory. Each thread has one. A pass
 * visits every inbound ring, runs the handlers, publishes every outbound ring once, and looks again a bounded number of
 * times before it gives the thread back to its event loop: that return, not the atomics, is what costs (measured: 3.9
 * million requests a second instead of 1.7).
 *
 *   pass -> work? -> pass in the next turn -> ... -> idle turns -> park: PARKED, look once more, sleep -> doorbell -> pass
 *
 * It polls for a short, bounded while after work, since waking a sleeping thread costs 20 to 80 us. A parked thread
 * also looks by itself once a second, so that a peer that died between taking the wake-up and giving it costs a second
 * and not for ever.
 */
import { BlockKind, type CounterBlock, processCounters, ThreadCounter } from '../counters/index.ts';
import { AWAKE, BLOCKED, PARKED, THREAD_CELL_LENGTH } from './ThreadCell.ts';

/**
 * Messages that one ring may hand over before the next one has its turn and what was answered is published: few enough
 * that two threads work side by side and not in turns (measured: 3.8 million requests a second, 3.0 with 512).
 */
const MESSAGES_PER_VISIT = 32;
/** Empty looks at the rings before a pass ends. One costs about 10 ns a ring. */
const SPINS_PER_PASS = 200;
/** Messages after which a pass ends in any case, so that timers and I/O get their turn: a few milliseconds. */
const MESSAGES_PER_PASS = 16_384;
/** Turns of the event loop without work, about 1 us each and a pass long, before the thread parks. */
const IDLE_TURNS_BEFORE_PARK = 50;
/** How often a parked thread looks at its rings unasked. */
const PARK_CHECK_INTERVAL_MS = 1_000;
/** The longest single sleep of `runBlocking`. */
const MAX_BLOCK_MS = 100;

/** A link, as the loop sees it. None of these calls throws. */
export interface DrainSource {
  /** Handles at most `limit` messages. @returns how many */
  drain(limit: number): number;
  /** Publishes what was committed, and wakes the peer if it sleeps. */
  flush(): void;
  /** Asked by a thread that has declared itself asleep: is there anything that nobody will wake it for? */
  hasWork(): boolean;
}

export interface DrainLoopOptions {
  /** Empty looks before a pass ends; 0 never looks twice. Default `SPINS_PER_PASS`. */
  readonly spinsPerPass?: number;
  /** Idle turns before the thread parks; 0 parks at once. Default `IDLE_TURNS_BEFORE_PARK`. */
  readonly idleTurnsBeforePark?: number;
}

export class DrainLoop {
  /** This thread's ThreadCell, for the other ends of its links. */
  readonly cell: SharedArrayBuffer = new SharedArrayBuffer(THREAD_CELL_LENGTH);
  /** True while a pass runs or is due: what is committed now will be flushed without a `wake`. */
  isAwake = false;
  readonly counters: CounterBlock;
  readonly #state: Int32Array = new Int32Array(this.cell);
  readonly #turn: () => void;
  readonly #sources: DrainSource[] = [];
  #spinsPerPass: number = SPINS_PER_PASS;
  #idleTurnsBeforePark: number = IDLE_TURNS_BEFORE_PARK;
  #idleTurns = 0;
  #inPass = false;
  #yieldSoon = false;
  #parkCheck: ReturnType<typeof setInterval> | undefined;

  static #ofThisThread: DrainLoop | undefined;

  /** The loop of the calling thread; every link of the thread is drained by it. */
  static ofThisThread(): DrainLoop {
    DrainLoop.#ofThisThread ??= new DrainLoop(processCounters().allocate(BlockKind.THREAD, 'drain loop'));
    return DrainLoop.#ofThisThread;
  }

  constructor(counters: CounterBlock) {
    this.counters = counters;
    this.#turn = () => this.#onTurn();
  }

  /** Changes how this thread waits. @throws nothing; values below 0 count as 0 */
  configure({ spinsPerPass, idleTurnsBeforePark }: DrainLoopOptions): void {
    if (spinsPerPass !== undefined) this.#spinsPerPass = spinsPerPass;
    if (idleTurnsBeforePark !== undefined) this.#idleTurnsBeforePark = idleTurnsBeforePark;
  }

  add(source: DrainSource): void {
    this.#sources.push(source);
    if (this.#parkCheck === undefined) {
      this.#parkCheck = setInterval(() => this.#checkParked(), PARK_CHECK_INTERVAL_MS);
      this.#parkCheck.unref();
    }
    this.wake();
  }

  remove(source: DrainSource): void {
    const index = this.#sources.indexOf(source);
    if (index >= 0) this.#sources.splice(index, 1);
    if (this.#sources.length === 0) {
      clearInterval(this.#parkCheck);
      this.#parkCheck = undefined;
    }
  }

  /** A pass follows in the next turn of the event loop, if none is due already. */
  wake(): void {
    if (this.isAwake) return;
    this.isAwake = true;
    this.#idleTurns = 0;
    Atomics.store(this.#state, 0, AWAKE);
    setImmediate(this.#turn);
  }

  /** A doorbell has rung: a pass now, in the turn that brought it. */
  onDoorbell(): void {
    this.counters.add(ThreadCounter.WAKES, 1);
    if (this.isAwake) return;
    this.isAwake = true;
    this.#idleTurns = 0;
    Atomics.store(this.#state, 0, AWAKE);
    this.#onTurn();
  }

  /** A callback has left work for the event loop, such as a settled promise: this pass shall not wait for more. */
  yieldSoon(): void {
    this.#yieldSoon = true;
  }

  /**
   * For a thread that owns itself: drains, and sleeps in Atomics.wait when there is nothing to do, until `isDone` or
   * `forMs` have passed. The event loop stands still meanwhile, so timers, I/O and the death of a peer wait for it.
   */
  runBlocking(isDone: () => boolean, forMs: number): void {
    const end = performance.now() + forMs;
    this.isAwake = true;
    while (!isDone()) {
      if (this.#pass() > 0) continue;
      const left = end - performance.now();
      if (left <= 0) break;
      this.#block(Math.min(left, MAX_BLOCK_MS));
    }
    this.isAwake = false;
    this.wake();
  }

  #onTurn(): void {
    if (this.#inPass) return;
    if (this.#pass() > 0) {
      this.#idleTurns = 0;
    } else if (++this.#idleTurns > this.#idleTurnsBeforePark) {
      this.#park();
      return;
    }
    setImmediate(this.#turn);
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
    if (this.#anyHasWork()) this.wake();
    else this.counters.add(ThreadCounter.PARKS, 1);
  }

  #block(forMs: number): void {
    Atomics.store(this.#state, 0, BLOCKED);
    if (!this.#anyHasWork()) Atomics.wait(this.#state, 0, BLOCKED, forMs);
    Atomics.store(this.#state, 0, AWAKE);
  }

  #checkParked(): void {
    if (this.isAwake || !this.#anyHasWork()) return;
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
    counters.advanceTo(ThreadCounter.DRAIN_TIME_STAMP_MS, Date.now());
  }
}
