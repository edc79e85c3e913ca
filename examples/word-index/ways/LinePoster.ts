import type { Worker } from 'node:worker_threads';
import type { LineReader } from '../LineReader.ts';
import { END, LINE, type LineSource } from '../LineSource.ts';
import type { Poster } from './PostingWay.ts';

/** Messages that may be posted and not yet taken. */
const MAX_AHEAD = 10_000;

/** What is posted: a line, the number of a file that has ended, or null after the last one. */
export type PostedLine = string | number | null;

/**
 * A message a line. The line is a string of a character a byte: it crosses in half the time that a Uint8Array takes,
 * 1.1 us instead of 2.1 (measured).
 */
export class LinePoster implements Poster<number> {
  readonly #worker: Worker;
  readonly #source: LineSource;
  #chunk: Buffer = Buffer.alloc(0);
  #ahead = 0;
  #isDone = false;

  constructor(worker: Worker, source: LineSource) {
    this.#worker = worker;
    this.#source = source;
  }

  post(): void {
    const source = this.#source;
    const worker = this.#worker;
    while (this.#ahead < MAX_AHEAD && !this.#isDone) {
      const found = source.advance();
      this.#ahead++;
      if (found === LINE) {
        worker.postMessage(this.#textOf(source.reader));
      } else {
        this.#isDone = found === END;
        worker.postMessage(this.#isDone ? null : source.file);
      }
    }
  }

  onTaken(messages: number): void {
    this.#ahead -= messages;
  }

  #textOf({ buffer, offset, length }: LineReader): string {
    if (this.#chunk.buffer !== buffer.buffer) this.#chunk = Buffer.from(buffer.buffer);
    return this.#chunk.toString('latin1', offset, offset + length);
  }
}
