import { END, END_OF_FILE, FileQueue, LINE, LineSource } from '../LineSource.ts';
import type { MergedIndex } from '../MergedIndex.ts';
import type { TextFile } from '../textFiles.ts';
import { WordIndex } from '../WordIndex.ts';
import type { StartedWay, Way } from './Way.ts';

/** Reads and indexes here, without any other thread. */
export class OneThread implements Way, StartedWay {
  readonly name = 'one thread';

  async start(): Promise<StartedWay> {
    return this;
  }

  async index(files: readonly TextFile[], merged: MergedIndex): Promise<void> {
    const index = new WordIndex();
    const source = new LineSource(new FileQueue(files));
    for (let found = source.advance(); found !== END; found = source.advance()) {
      const { buffer, offset, length } = source.reader;
      if (found === LINE) index.addLine(buffer.bytes, offset, length);
      else if (found === END_OF_FILE) merged.addAnswer(index.endFile(source.file));
    }
    merged.words.addColumns(index.table.toColumns());
  }

  async end(): Promise<void> {}
}
