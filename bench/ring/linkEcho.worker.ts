/** Sends back what LinkRoundTrip sends, and parks in between. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { DirectBuffer } from 'flysocket/flyweight';
import { acceptParent, DrainLoop } from 'flysocket/shm-transport';
import { JobSeat, STOP } from '../harness/threads/JobControl.ts';
import { PARK_AT_ONCE } from './parkAtOnce.ts';

const port = parentPort as MessagePort;
const seat = new JobSeat(workerData.jobs);
let remaining = 0;

DrainLoop.ofThisThread().configure(PARK_AT_ONCE);
port.on('message', (message: unknown) => {
  if (message !== null) return;
  remaining = seat.begin();
  if (remaining === STOP) port.close();
});
const { link } = await acceptParent();
link.receive({
  onFrame(buffer: DirectBuffer, offset: number, length: number): void {
    const index = link.tryClaim(length, 0);
    if (index < 0) throw new Error(`no room for the answer: ${index}`);
    link.buffer.putBuffer(index, buffer, offset, length);
    link.commit(index);
    if (--remaining === 0) seat.finish(0);
  },
  onWritable(): void {},
  onClosed(): void {},
});
