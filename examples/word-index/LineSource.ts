import { LineReader } from './LineReader.ts';
import type { TextFile } from './textFiles.ts';

/** What `LineSource.advance` has come to. */
export const LINE = 1;
export const END_OF_FILE = 2;
export const END = 3;
export type Found = typeof LINE | typeof END_OF_FILE | typeof END;

/** Files that any number of sources share: whoever is done with one takes the next. */
export class FileQueue {
  readonly #files: readonly TextFile[];
  #taken = 0;

  constructor(files: readonly TextFile[]) {
    this.#files = files;
  }

  /** Opens the next file. @returns its number, or -1 if all are taken */
  openNext(reader: LineReader): number {
    const file = this.#files[this.#taken];
    if (file === undefined) return -1;
    reader.open(file);
    return this.#taken++;
  }
}

/** The lines that one worker gets: those of one file after the other, each file's followed by its end. */
export class LineSource {
  /** Shows the line. */
  readonly reader: LineReader = new LineReader();
  /** Number of the file, or -1 between files. */
  file = -1;
  readonly #queue: FileQueue;
  #atEndOfFile = true;

  constructor(queue: FileQueue) {
    this.#queue = queue;
  }

  /** @returns `LINE`: `reader` shows it; `END_OF_FILE`: `file` has ended; `END`: there are no more files */
  advance(): Found {
    if (this.#atEndOfFile) {
      this.file = this.#queue.openNext(this.reader);
      if (this.file < 0) return END;
      this.#atEndOfFile = false;
    }
    if (this.reader.next()) return LINE;
    this.#atEndOfFile = true;
    return END_OF_FILE;
  }

  close(): void {
    this.reader.close();
  }
}
