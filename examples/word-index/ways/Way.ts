import type { MergedIndex } from '../MergedIndex.ts';
import type { TextFile } from '../textFiles.ts';

/** A way to get the lines of files to those who index them. */
export interface Way {
  readonly name: string;
  /** Starts so many workers, and settles when they are ready for lines. */
  start(workers: number): Promise<StartedWay>;
}

export interface StartedWay {
  /** Indexes the files, once. Settles when all answers and words are in `merged`. */
  index(files: readonly TextFile[], merged: MergedIndex): Promise<void>;
  /** How full the rings to the workers are, from 0 to 1, if there are any. */
  ringFill?(): number;
  /** Ends the workers. */
  end(): Promise<void>;
}
