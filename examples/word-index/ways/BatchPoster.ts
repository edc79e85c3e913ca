import type { Worker } from 'node:worker_threads';
import { END, type Found, LINE, type LineSource } from '../LineSource.ts';
import { type LineBatch, OpenBatch } from './LineBatch.ts';
import type { Poster } from './PostingWay.ts';

/** Batches that may be posted and not yet taken. */
const MAX_AHEAD = 8;

/** Lines copied into batches, whose memory is transferred to the worker and back. */
export class BatchPoster implements Poster<LineBatch> {
  readonly #worker: Worker;
  readonly #source: LineSource;
  readonly #reusable: LineBatch[] = [];
  #batch: OpenBatch = new OpenBatch(undefined, 0);
  #ahead = 0;
  /** What `source` has come to and no batch holds yet, if anything. */
  #found: Found | undefined = undefined;

  constructor(worker: Worker, source: LineSource) {
    this.#worker = worker;
    this.#source = source;
  }

  post(): void {
    while (this.#ahead < MAX_AHEAD && this.#found !== END) {
      const left = this.#fill();
      const batch = this.#batch.close(left === END);
      this.#worker.postMessage(batch, [batch.bytes.buffer, batch.entries.buffer]);
      this.#ahead++;
      this.#batch = new OpenBatch(this.#reusable.pop(), left === LINE ? this.#source.reader.length : 0);
    }
  }

  onTaken(batch: LineBatch): void {
    this.#ahead--;
    this.#reusable.push(batch);
  }

  /** Fills the batch until something does not fit or nothing follows. @returns what that is */
  #fill(): Found {
    const source = this.#source;
    const reader = source.reader;
    const batch = this.#batch;
    for (;;) {
      const found = this.#found ?? source.advance();
      this.#found = found;
      if (found === LINE) {
        if (!batch.addLine(reader.buffer, reader.offset, reader.length)) return found;
      } else if (found === END || !batch.endFile(source.file)) {
        return found;
      }
      this.#found = undefined;
    }
  }
}
