/** For a worker that lives in its event loop: takes what BenchThread and ThreadRequests post about jobs. */
import type { MessagePort } from 'node:worker_threads';
import { JobSeat } from './JobControl.ts';

export const JOB_BEGINS = 'job begins';
export const JOB_ENDS = 'job ends';

/**
 * @param jobs memory of the JobSeat
 * @param onStop ends the thread's work; the port is closed after it
 */
export function jobsByMessage(port: MessagePort, jobs: SharedArrayBuffer, onStop?: () => void): void {
  const seat = new JobSeat(jobs);
  port.on('message', (message: unknown) => {
    if (message === JOB_BEGINS) seat.begin();
    else if (message === JOB_ENDS) seat.finish(0);
    else if (message === null) {
      onStop?.();
      port.close();
    }
  });
}
