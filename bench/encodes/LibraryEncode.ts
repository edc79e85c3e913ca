import { STREAMS, streamIdOf } from '../codec/frames.ts';
import type { Contender } from '../harness/index.ts';
import { checkFrame, type Frame, type FrameLibrary, frameOf } from './FrameLibrary.ts';

/**
 * Encodes frames one after the other. The lengths of all are checked in each batch, and so is the last one, which has
 * to decode to what was encoded.
 */
export class LibraryEncode implements Contender {
  readonly isAsync = false;
  readonly batch = 5_000;
  readonly name: string;
  readonly #library: FrameLibrary;
  readonly #frame: Frame = frameOf(0);
  /** What the frames up to one operation are long together, of one turn through all streams. */
  readonly #lengths: Float64Array = new Float64Array(STREAMS + 1);

  constructor(library: FrameLibrary) {
    this.name = library.name;
    this.#library = library;
  }

  verify(): void {
    const library = this.#library;
    for (let operation = 0; operation < STREAMS; operation++) {
      const expected = frameOf(operation);
      const bytes = library.encode(expected);
      checkFrame(this.name, library.decode(Buffer.from(bytes)), expected);
      this.#lengths[operation + 1] = (this.#lengths[operation] as number) + bytes.length;
    }
    this.run(STREAMS);
    this.run(STREAMS + 1);
  }

  run(count: number): undefined {
    const library = this.#library;
    const frame = this.#frame;
    let length = 0;
    let last: Uint8Array = new Uint8Array(0);
    for (let operation = 0; operation < count; operation++) {
      frame.streamId = streamIdOf(operation);
      last = library.encode(frame);
      length += last.length;
    }
    const turns = Math.floor(count / STREAMS);
    const lengths = this.#lengths;
    const expected = turns * (lengths[STREAMS] as number) + (lengths[count % STREAMS] as number);
    if (length !== expected) throw new Error(`${this.name}: ${count} frames of ${length} bytes, expected ${expected}`);
    checkFrame(this.name, library.decode(Buffer.from(last)), frame);
  }
}
