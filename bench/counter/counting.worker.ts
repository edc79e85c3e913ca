/** Counts its share, together with other threads. */
import { workerData } from 'node:worker_threads';
import { serveTeam } from '../team/serveTeam.ts';
import type { CountingSpec } from './Counting.ts';
import { addMeanwhile } from './meanwhileWords.ts';
import { newCounting } from './newCounting.ts';

const { spec, meanwhile } = workerData as { spec: CountingSpec; meanwhile: SharedArrayBuffer };
const counting = newCounting(spec);
const words = new BigInt64Array(meanwhile);

serveTeam((share) => {
  counting.count(share);
  addMeanwhile(words, counting.take());
});
