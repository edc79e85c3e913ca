/** Reads what RingbufJsOneWay sends. */
import { workerData } from 'node:worker_threads';
import { JobSeat } from '../harness/threads/JobControl.ts';
import { SpinLimit } from '../harness/threads/SpinLimit.ts';
import { loadRival } from '../loadRival.ts';
import { addToChecksum } from './messages.ts';
import type { RingbufJs } from './ringbufJs.ts';

const { memory, length, jobs } = workerData as { memory: SharedArrayBuffer; length: number; jobs: SharedArrayBuffer };
const { RingBuffer } = loadRival<RingbufJs>('ringbuf.js') as RingbufJs;
const ring = new RingBuffer(memory, Uint8Array);
const target = new Uint8Array(length);
const limit = new SpinLimit();

new JobSeat(jobs).serve((count) => {
  let checksum = 0;
  for (let received = 0; received < count; received++) {
    while (ring.availableRead() < length) limit.spin();
    limit.reset();
    ring.pop(target, length);
    checksum = addToChecksum(checksum, target[0] as number, target[length - 1] as number);
  }
  return checksum;
});
