import { workerData } from 'node:worker_threads';
import { JobSeat } from '../harness/threads/JobControl.ts';
import { jobOf, shareOf } from './jobs.ts';
import { StartGate } from './StartGate.ts';

/**
 * Makes this thread one of a ThreadTeam, until the team is closed.
 * @param work does a share of so much; called when all threads begin
 */
export function serveTeam(work: (share: number) => void): void {
  const { gate, jobs } = workerData as { gate: SharedArrayBuffer; jobs: SharedArrayBuffer };
  const startGate = new StartGate(gate);
  new JobSeat(jobs).serve((job) => {
    const share = shareOf(job);
    startGate.wait();
    work(share);
    return jobOf(share);
  });
}
