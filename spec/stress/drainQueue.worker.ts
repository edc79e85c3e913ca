import { workerData } from 'node:worker_threads';
import { DirectBuffer } from 'flysocket/flyweight';
import { DrainQueue } from 'flysocket/shm-transport';
import { offerAndDrain, type Round, STUCK, waitForGo, writeMessage } from './drainQueueShared.ts';

export type Job = 'offer and drain' | 'stick in a handler' | 'stick in a claim';

const NEVER_MS = 60_000;

const { round, job, producer } = workerData as { round: Round; job: Job; producer: number };
const { words } = round;
const source = new DirectBuffer(new ArrayBuffer(128));
// Long time-outs: under load a thread may stand still for long, and must not be taken for dead here.
const queue = new DrainQueue(round.queue, { drainTimeoutMs: NEVER_MS, claimTimeoutMs: NEVER_MS });

function stick(): void {
  Atomics.store(words, STUCK, 1);
  Atomics.wait(words, STUCK, 1, NEVER_MS);
}

if (job === 'offer and drain') {
  waitForGo(words);
  offerAndDrain(round, queue, source, producer);
} else if (job === 'stick in a handler') {
  for (let sequence = 0; sequence < round.messages; sequence++) {
    queue.offer(sequence + 1, source, 0, writeMessage(source, producer, sequence));
  }
  queue.drain((type) => {
    if (type === 2) stick();
    Atomics.add(round.handled, type - 1, 1);
  });
} else {
  queue.tryClaim(1, 32);
  stick();
}
