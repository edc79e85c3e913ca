/** Takes, and echoes if told to, what is posted. A null says that there is a job. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { JobSeat, STOP } from '../harness/threads/JobControl.ts';
import { addToChecksum } from './messages.ts';

const { echoes, jobs } = workerData as { echoes: boolean; jobs: SharedArrayBuffer };
const seat = new JobSeat(jobs);
const port = parentPort as MessagePort;
let remaining = 0;
let checksum = 0;

port.on('message', (message: Uint8Array | null) => {
  if (message === null) {
    remaining = seat.begin();
    checksum = 0;
    if (remaining === STOP) port.close();
    return;
  }
  checksum = addToChecksum(checksum, message[0] as number, message[message.length - 1] as number);
  if (echoes) port.postMessage(message);
  if (--remaining === 0) seat.finish(checksum);
});
