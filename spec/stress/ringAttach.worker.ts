/** Attaches to one ring after the other, each at the same moment as the main thread, and sends one message into it. */
import { workerData } from 'node:worker_threads';
import { OneToOneRingBuffer } from 'flysocket/shm-transport';
import { meet } from './ringAttachMeeting.ts';

const { memories, meeting } = workerData as { memories: SharedArrayBuffer[]; meeting: SharedArrayBuffer };
const words = new Int32Array(meeting);

memories.forEach((memory, round) => {
  meet(words, round, 'worker');
  const ring = new OneToOneRingBuffer(memory, { initialPosition: 1_024 });
  ring.write(round + 1, new Uint8Array(8), 0, 8);
  ring.flush();
});
