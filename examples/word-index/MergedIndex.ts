import type { FileAnswer } from './FileAnswer.ts';
import { WordTable } from './WordTable.ts';

/** The answers of all of a way's workers in one place. */
export class MergedIndex {
  /** By the file's number. */
  readonly answers: FileAnswer[] = [];
  readonly words: WordTable = new WordTable();
  readonly #onAnswer: (answer: FileAnswer) => void;

  constructor(onAnswer: (answer: FileAnswer) => void) {
    this.#onAnswer = onAnswer;
  }

  addAnswer(answer: FileAnswer): void {
    this.answers[answer.file] = answer;
    this.#onAnswer(answer);
  }
}
