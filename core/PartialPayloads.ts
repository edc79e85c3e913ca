import type { Reassembler } from '../codec/index.ts';
import type { Clock } from './Clock.ts';

/** Sees to it that payloads in fragments become whole in time: within the time-out, or twice that at the latest. */
export class PartialPayloads {
  readonly #reassembler: Reassembler;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #onTick: () => void;
  #timer: unknown;

  /** @param onOverdue told of each stream whose payload has taken too long */
  constructor(reassembler: Reassembler, clock: Clock, timeoutMs: number, onOverdue: (streamId: number) => void) {
    this.#reassembler = reassembler;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#onTick = () => {
      this.#timer = undefined;
      for (const streamId of reassembler.unfinishedSinceLastCall()) onOverdue(streamId);
      this.watch();
    };
  }

  /** A fragment was kept: the clock runs for as long as anything is unfinished. */
  watch(): void {
    if (this.#timer !== undefined || this.#reassembler.pendingStreams === 0) return;
    this.#timer = this.#clock.setTimer(this.#onTick, this.#timeoutMs);
  }

  stop(): void {
    this.#clock.clearTimer(this.#timer);
    this.#timer = undefined;
  }
}
