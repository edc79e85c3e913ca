import { parentPort } from 'node:worker_threads';
import type { LineBatch } from './LineBatch.ts';
import { PostingIndex } from './PostingIndex.ts';

const index = new PostingIndex<LineBatch>();

parentPort?.on('message', (batch: LineBatch) => {
  const { bytes, entries, length, isLast } = batch;
  let start = 0;
  for (let i = 0; i < length; i++) {
    const entry = entries[i] as number;
    if (entry < 0) {
      index.endFile(-1 - entry);
    } else {
      index.addLine(bytes, start, entry - start);
      start = entry;
    }
  }
  if (isLast) index.postWords();
  else index.postTaken(batch, [bytes.buffer, entries.buffer]);
});
index.postReady();
