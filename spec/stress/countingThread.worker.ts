/** Counts, then is stuck in a loop that never looks at its event loop, for `CountersReader.spec.ts`. */
import { workerData } from 'node:worker_threads';
import { BlockKind, CountersRegion, LinkCounter, ThreadCounter } from 'flysocket/counters';

const { memory, signals, task } = workerData as {
  memory: SharedArrayBuffer;
  signals: SharedArrayBuffer;
  task: 'spin' | 'carry';
};
const [STUCK, END] = [0, 1];
const words = new Int32Array(signals);
const region = CountersRegion.attach(memory, 1);

if (task === 'spin') {
  const thread = region.allocate(BlockKind.THREAD, 'stuck');
  for (let i = 0; i < 1_234_567; i++) thread.increment(ThreadCounter.PASSES);
  thread.add(ThreadCounter.WORK, 2 ** 31 - 1);
  thread.add(ThreadCounter.WORK, 2 ** 31 - 1);
  thread.add(ThreadCounter.WORK, 2 ** 31 - 1);
  Atomics.store(words, STUCK, 1);
  const start = performance.now();
  while (performance.now() - start < 5000 && Atomics.load(words, END) === 0) thread.increment(ThreadCounter.IDLE_TURNS);
} else {
  const link = region.allocate(BlockKind.LINK, 'carrying');
  Atomics.store(words, STUCK, 1);
  // Ends below 2^53, up to which counters are exact.
  for (let left = 32_000_000; left > 0 && Atomics.load(words, END) === 0; left -= 1000) {
    for (let i = 0; i < 1000; i++) link.add(LinkCounter.BYTES_SENT, 2 ** 28 - 1);
  }
}
