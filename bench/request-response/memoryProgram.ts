/**
 * node memoryProgram.js LEVEL REQUESTS
 *
 * Asks a worker so many times, 256 in flight, and prints what the process takes up after each tenth, in bytes, as a
 * JSON array. A process of its own, for nothing else to be in it: both threads, and no other contender.
 */
import { LowLevelRequests } from './LowLevelRequests.ts';
import type { Level } from './linkResponder.worker.ts';
import { PromiseRequests } from './PromiseRequests.ts';

const IN_FLIGHT = 256;
const SAMPLES = 10;
const BATCH = 50_000;

const [level, requests] = process.argv.slice(2) as [Level, string];
const contender =
  level === 'low' ? new LowLevelRequests(level, IN_FLIGHT, BATCH) : new PromiseRequests(level, IN_FLIGHT, BATCH);
const rss: number[] = [];

await contender.open();
for (let sample = 0; sample < SAMPLES; sample++) {
  const end = Math.ceil(Number(requests) / SAMPLES);
  for (let done = 0; done < end; done += BATCH) await contender.run(Math.min(BATCH, end - done));
  rss.push(process.memoryUsage.rss());
}
await contender.close();
console.log(JSON.stringify(rss));
