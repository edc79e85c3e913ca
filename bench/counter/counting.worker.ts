/** Counts its share, together with other threads. */
import { workerData } from 'node:worker_threads';
import { JobSeat } from '../harness/threads/JobControl.ts';
import { type CountingSpec, newCounting } from './Counting.ts';
import { shareOf } from './jobs.ts';
import { addMeanwhile } from './meanwhileWords.ts';
import { StartGate } from './StartGate.ts';

const { spec, gate, meanwhile, jobs } = workerData as {
  spec: CountingSpec;
  gate: SharedArrayBuffer;
  meanwhile: SharedArrayBuffer;
  jobs: SharedArrayBuffer;
};
const counting = newCounting(spec);
const startGate = new StartGate(gate);
const words = new BigInt64Array(meanwhile);

new JobSeat(jobs).serve((job) => {
  const share = shareOf(job);
  startGate.wait();
  counting.count(share);
  addMeanwhile(words, counting.take());
  return share;
});
