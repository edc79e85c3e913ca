/** Sends back what RingRoundTrip sends. */
import { workerData } from 'node:worker_threads';
import type { DirectBuffer } from 'flysocket/flyweight';
import { OneToOneRingBuffer } from 'flysocket/shm-transport';
import { JobSeat } from '../harness/threads/JobControl.ts';
import { SpinLimit } from '../harness/threads/SpinLimit.ts';

const data = workerData as Record<'inbound' | 'outbound' | 'jobs', SharedArrayBuffer>;
const inbound = new OneToOneRingBuffer(data.inbound);
const outbound = new OneToOneRingBuffer(data.outbound);
const limit = new SpinLimit();

function echo(msgTypeId: number, buffer: DirectBuffer, index: number, length: number): void {
  if (!outbound.write(msgTypeId, buffer, index, length)) throw new Error('no room for the answer');
}

new JobSeat(data.jobs).serve((count) => {
  for (let received = 0; received < count; ) {
    const messages = inbound.read(echo);
    received += messages;
    if (messages === 0) {
      limit.spin();
    } else {
      outbound.flush();
      limit.reset();
    }
  }
  return 0;
});
