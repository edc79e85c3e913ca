/** Reads what RingOneWay sends, in place. */
import { workerData } from 'node:worker_threads';
import type { DirectBuffer } from 'flysocket/flyweight';
import { JobSeat } from '../harness/threads/JobControl.ts';
import { SpinLimit } from '../harness/threads/SpinLimit.ts';
import { addToChecksum } from './messages.ts';
import { consumerEnd, loadRingLibrary } from './ringLibraries.ts';

const { memory, base, jobs } = workerData as { memory: SharedArrayBuffer; base: string; jobs: SharedArrayBuffer };
const ring = consumerEnd(await loadRingLibrary(base), memory);
const limit = new SpinLimit();
let checksum = 0;

function onMessage(_msgTypeId: number, buffer: DirectBuffer, index: number, length: number): void {
  checksum = addToChecksum(checksum, buffer.getUint8(index), buffer.getUint8(index + length - 1));
}

new JobSeat(jobs).serve((count) => {
  checksum = 0;
  for (let received = 0; received < count; ) {
    const messages = ring.read(onMessage);
    received += messages;
    if (messages === 0) limit.spin();
    else limit.reset();
  }
  return checksum;
});
