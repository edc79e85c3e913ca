/** A function that can be called: an export of a file, or, from a worker, a handler of its parent. */
export class CallTarget {
  /** What it is called by on links, 0 to `MAX_CALL_TARGETS` - 1. */
  readonly index: number;
  /** Absolute path; empty for handlers of the parent. */
  readonly filename: string;
  readonly name: string;

  /** Made by `CallTargets`. */
  constructor(index: number, filename: string, name: string) {
    this.index = index;
    this.filename = filename;
    this.name = name;
  }
}
