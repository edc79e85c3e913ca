import { parentPort } from 'node:worker_threads';
import type { PostedLine } from './LinePoster.ts';
import { PostingIndex } from './PostingIndex.ts';

/** Messages after which the sender is told that they were taken. */
const TAKEN_INTERVAL = 1000;
const INITIAL_LINE_LENGTH = 64 * 1024;

const index = new PostingIndex<number>();
let line = Buffer.alloc(INITIAL_LINE_LENGTH);
let bytes = new Uint8Array(line.buffer, line.byteOffset, line.length);
let taken = 0;

parentPort?.on('message', (message: PostedLine) => {
  if (message === null) {
    taken = 0;
    index.postWords();
    return;
  }
  if (typeof message === 'string') addLine(message);
  else index.endFile(message);
  if (++taken === TAKEN_INTERVAL) {
    index.postTaken(taken);
    taken = 0;
  }
});
index.postReady();

function addLine(text: string): void {
  if (text.length > line.length) {
    line = Buffer.alloc(text.length * 2);
    bytes = new Uint8Array(line.buffer, line.byteOffset, line.length);
  }
  line.write(text, 'latin1');
  index.addLine(bytes, 0, text.length);
}
