import { MEGABYTE } from './arguments.ts';
import type { FileAnswer } from './FileAnswer.ts';

const SAMPLE_INTERVAL_MS = 25;
const TERMINAL_INTERVAL_MS = 100;
const LOG_INTERVAL_MS = 1000;
/** A way from which no answer comes for so long has failed. */
const STALL_LIMIT_MS = 60_000;

/** Watches one way at work: shows how far it is, and samples what it takes. */
export class Progress {
  /** Highest seen of the whole process, which all ways share. */
  peakRssBytes = 0;
  /** Rejects if the way stalls. */
  readonly stalled: Promise<never>;
  readonly #name: string;
  readonly #totalFiles: number;
  readonly #ringFill: (() => number) | undefined;
  readonly #output: NodeJS.WriteStream;
  readonly #timer: NodeJS.Timeout;
  #reject!: (error: Error) => void;
  #startedAt = 0;
  #sampledAt = 0;
  #shownAt = 0;
  #answeredAt = 0;
  #files = 0;
  #lines = 0;
  #bytes = 0;
  #fill = 0;
  #fillSum = 0;
  #fillSamples = 0;

  /** @param ringFill from 0 to 1, if the way has rings */
  constructor(name: string, totalFiles: number, ringFill: (() => number) | undefined, output: NodeJS.WriteStream) {
    this.#name = name;
    this.#totalFiles = totalFiles;
    this.#ringFill = ringFill;
    this.#output = output;
    this.stalled = new Promise((_, reject) => {
      this.#reject = reject;
    });
    this.stalled.catch(() => {});
    this.#timer = setInterval(() => this.#look(), SAMPLE_INTERVAL_MS);
    this.#shownAt = performance.now();
    this.begin();
  }

  /** A round begins: all files, from the first. */
  begin(): void {
    this.#files = 0;
    this.#lines = 0;
    this.#bytes = 0;
    this.#startedAt = performance.now();
    this.#answeredAt = this.#startedAt;
    this.#sample(this.#startedAt);
  }

  onAnswer(answer: FileAnswer): void {
    this.#files++;
    this.#lines += answer.lines;
    this.#bytes += answer.bytes + answer.lines;
    this.#answeredAt = performance.now();
    // A way that keeps the thread busy gives the timer no turn.
    if (this.#answeredAt - this.#sampledAt >= SAMPLE_INTERVAL_MS) this.#look();
  }

  /** Stops watching, and shows the end of the last round; the rings as they were on average. */
  end(): void {
    clearInterval(this.#timer);
    this.#fill = this.#fillSum / Math.max(this.#fillSamples, 1);
    this.#show('\n');
  }

  #look(): void {
    const now = performance.now();
    this.#sample(now);
    if (now - this.#answeredAt > STALL_LIMIT_MS) {
      this.#reject(new Error(`${this.#name}: no answer for ${STALL_LIMIT_MS / 1000} s`));
    }
    if (now - this.#shownAt < (this.#output.isTTY ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS)) return;
    this.#shownAt = now;
    this.#show(this.#output.isTTY ? '' : '\n');
  }

  #show(end: string): void {
    const start = this.#output.isTTY ? '\r\u001b[K' : '';
    this.#output.write(start + this.#line() + end);
  }

  #sample(now: number): void {
    this.#sampledAt = now;
    this.peakRssBytes = Math.max(this.peakRssBytes, process.memoryUsage.rss());
    if (this.#ringFill === undefined) return;
    this.#fill = this.#ringFill();
    this.#fillSum += this.#fill;
    this.#fillSamples++;
  }

  #line(): string {
    const seconds = Math.max(performance.now() - this.#startedAt, 1) / 1000;
    const parts = [
      this.#name.padEnd(28),
      `${this.#files} of ${this.#totalFiles} files`,
      `${Math.round(this.#lines / seconds).toLocaleString('en-US')} lines/s`,
      `${(this.#bytes / MEGABYTE / seconds).toFixed(1)} MB/s`,
    ];
    if (this.#ringFill !== undefined) parts.push(`rings ${Math.round(this.#fill * 100)}% full`);
    return parts.join('   ');
  }
}
