import { parentPort } from 'node:worker_threads';
import type { FileAnswer } from '../FileAnswer.ts';
import { WordIndex } from '../WordIndex.ts';
import type { PostedAnswer } from './PostingWay.ts';

/** A worker's index that posts its answers to the parent. */
export class PostingIndex<Taken> {
  #index: WordIndex = new WordIndex();
  #answers: FileAnswer[] = [];

  /** The worker is there: the first thing that the parent gets. */
  postReady(): void {
    parentPort?.postMessage('ready');
  }

  addLine(bytes: Uint8Array, offset: number, length: number): void {
    this.#index.addLine(bytes, offset, length);
  }

  endFile(file: number): void {
    this.#answers.push(this.#index.endFile(file));
  }

  postTaken(taken: Taken, transfer: ArrayBuffer[] = []): void {
    this.#post({ kind: 'taken', taken, answers: this.#answers }, transfer);
  }

  /** After the last file; the next one is the first of a new index. */
  postWords(): void {
    const words = this.#index.table.toColumns();
    const transfer = [words.bytes.buffer, words.lengths.buffer, words.counts.buffer];
    this.#post({ kind: 'words', words, answers: this.#answers }, transfer);
    this.#index = new WordIndex();
  }

  #post(answer: PostedAnswer<Taken>, transfer: ArrayBuffer[]): void {
    parentPort?.postMessage(answer, transfer);
    this.#answers = [];
  }
}
