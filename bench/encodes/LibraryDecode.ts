import { DecodeContender, fieldsOf } from '../codec/DecodeContender.ts';
import { STREAMS } from '../codec/frames.ts';
import { checkFrame, type FrameLibrary, frameOf } from './FrameLibrary.ts';

/** Decodes what the same library encoded. */
export class LibraryDecode extends DecodeContender {
  readonly #library: FrameLibrary;
  readonly #frames: readonly Uint8Array[];

  constructor(library: FrameLibrary) {
    super(library.name, 5_000);
    this.#library = library;
    this.#frames = Array.from({ length: STREAMS }, (_, at) => Buffer.from(library.encode(frameOf(at))));
  }

  override verify(): void {
    for (const [at, bytes] of this.#frames.entries()) checkFrame(this.name, this.#library.decode(bytes), frameOf(at));
    super.verify();
  }

  protected override decode(count: number): number {
    const library = this.#library;
    const frames = this.#frames;
    let sum = 0;
    for (let operation = 0; operation < count; operation++) {
      const { streamId, type, flags, metadata, data } = library.decode(frames[operation & (STREAMS - 1)] as Uint8Array);
      const first = metadata[0] as number;
      sum = (sum + fieldsOf(streamId, type, flags, metadata.length, data.length, first, data[0] as number)) | 0;
    }
    return sum;
  }
}
