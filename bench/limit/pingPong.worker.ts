/** Hands back the word that PingPong hands over. */
import { workerData } from 'node:worker_threads';
import { JobSeat } from '../harness/threads/JobControl.ts';
import { SpinLimit } from '../harness/threads/SpinLimit.ts';

const { memory, jobs } = workerData as { memory: SharedArrayBuffer; jobs: SharedArrayBuffer };
const word = new Int32Array(memory);
const limit = new SpinLimit();

new JobSeat(jobs).serve((count) => {
  let turns = 0;
  for (; turns <= count; turns++) {
    while (Atomics.load(word, 0) !== 2 * turns + 1) limit.spin();
    limit.reset();
    Atomics.store(word, 0, 2 * turns + 2);
  }
  return turns;
});
