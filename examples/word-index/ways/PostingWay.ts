import type { Worker } from 'node:worker_threads';
import type { FileAnswer } from '../FileAnswer.ts';
import { FileQueue, LineSource } from '../LineSource.ts';
import type { MergedIndex } from '../MergedIndex.ts';
import type { WordColumns } from '../WordTable.ts';
import { IndexWorker } from './IndexWorker.ts';
import type { StartedWay, Way } from './Way.ts';

/** What a worker posts: answers go with what tells that lines were taken, so that they cost no messages. */
export type PostedAnswer<Taken> =
  | { readonly kind: 'taken'; readonly taken: Taken; readonly answers: readonly FileAnswer[] }
  | { readonly kind: 'words'; readonly words: WordColumns; readonly answers: readonly FileAnswer[] };

/** Posts the lines of one source to one worker. */
export interface Poster<Taken> {
  /** Posts as much as may be on its way at once. */
  post(): void;
  /** The worker has indexed some of it. */
  onTaken(taken: Taken): void;
}

/** Lines go to the workers by postMessage, in what form is the `Poster`'s matter. */
export class PostingWay<Taken> implements Way {
  readonly name: string;
  readonly #workerUrl: URL;
  readonly #newPoster: (worker: Worker, source: LineSource) => Poster<Taken>;

  constructor(name: string, workerUrl: URL, newPoster: (worker: Worker, source: LineSource) => Poster<Taken>) {
    this.name = name;
    this.#workerUrl = workerUrl;
    this.#newPoster = newPoster;
  }

  async start(workers: number): Promise<StartedWay> {
    const started = Array.from({ length: workers }, () => new IndexWorker(this.#workerUrl));
    await Promise.all(started.map(({ worker, failed }) => Promise.race([online(worker), failed])));
    return {
      index: async (files, merged) => {
        const queue = new FileQueue(files);
        const posted = started.map(({ worker }) => this.#postAll(worker, new LineSource(queue), merged));
        await Promise.race([Promise.all(posted), ...started.map(({ failed }) => failed)]);
      },
      end: async () => {
        await Promise.all(started.map((worker) => worker.end()));
      },
    };
  }

  #postAll(worker: Worker, source: LineSource, merged: MergedIndex): Promise<void> {
    return new Promise((resolve, reject) => {
      const poster = this.#newPoster(worker, source);
      const onMessage = (message: PostedAnswer<Taken>): void => {
        try {
          for (const answer of message.answers) merged.addAnswer(answer);
          if (message.kind === 'taken') {
            poster.onTaken(message.taken);
            poster.post();
          } else {
            merged.words.addColumns(message.words);
            worker.off('message', onMessage);
            resolve();
          }
        } catch (error) {
          source.close();
          reject(error);
        }
      };
      worker.on('message', onMessage);
      poster.post();
    });
  }
}

function online(worker: Worker): Promise<void> {
  return new Promise((resolve) => worker.once('message', () => resolve()));
}
