import { median } from '../statistics/median.ts';
import { percentile } from '../statistics/percentile.ts';

/** How steady a machine was, by a loop that always does the same. */
export interface Noise {
  /** The median time of the loop in milliseconds: how fast the machine was. */
  readonly loopMs: number;
  /** From the fastest to the slowest tenth of its times, as a fraction of the median: 0.05 is 5 %. */
  readonly spread: number;
}

const LOOPS_AT_A_TIME = 12;
/** About 2 ms: shorter than the slices that other programs get, longer than a timer's tick. */
const TURNS_OF_THE_LOOP = 1_000_000;
const FASTEST_TENTH = 0.1;
const SLOWEST_TENTH = 0.9;

/**
 * Times a loop of integer arithmetic that needs no memory now and then during a run. Whatever makes it take longer at
 * one time than at another (other programs, the clock of the processor, neighbours on the same host) meets contenders
 * too.
 */
export class Calibration {
  readonly #times: number[] = [];
  #sink = 0;

  constructor() {
    // Once for the compiler.
    this.#loop();
  }

  /** Takes about 25 ms. */
  sample(): void {
    for (let loop = 0; loop < LOOPS_AT_A_TIME; loop++) {
      const start = performance.now();
      this.#loop();
      this.#times.push(performance.now() - start);
    }
  }

  /** By all samples up to now, of which there has to be one. */
  noise(): Noise {
    const loopMs = median(this.#times);
    const width = percentile(this.#times, SLOWEST_TENTH) - percentile(this.#times, FASTEST_TENTH);
    return { loopMs, spread: width / loopMs };
  }

  #loop(): void {
    let state = this.#sink | 1;
    for (let turn = 0; turn < TURNS_OF_THE_LOOP; turn++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
    }
    this.#sink = state;
  }
}
