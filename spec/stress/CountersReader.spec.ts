import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { CountersReader, CountersRegion, LinkCounter, ThreadCounter } from 'flysocket/counters';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const [STUCK, END] = [0, 1];

const test = suite('CountersReader beside a counting thread');

test('reads true numbers while the thread that counted is stuck in a loop', async () => {
  await beside('spin', async (reader) => {
    const thread = reader.blocks()[0]!;
    assert.is(thread.label, 'stuck');
    assert.is(reader.read(thread, ThreadCounter.PASSES), 1_234_567);
    assert.is(reader.read(thread, ThreadCounter.WORK), 3 * (2 ** 31 - 1));
    const first = reader.read(thread, ThreadCounter.IDLE_TURNS);
    await sleep(100);
    assert.ok(reader.read(thread, ThreadCounter.IDLE_TURNS) > first, 'the loop is seen to run');
    assert.is(reader.read(thread, ThreadCounter.PASSES), 1_234_567);
  });
});

test('a counter that carries at every 16th step is never seen torn', async () => {
  await beside('carry', async (reader) => {
    const step = 2 ** 28 - 1;
    const link = reader.blocks()[0]!;
    let last = 0;
    let moved = 0;
    for (const end = performance.now() + 300; moved < 100_000 && performance.now() < end; ) {
      const value = reader.read(link, LinkCounter.BYTES_SENT);
      if (value < last || value % step !== 0) assert.unreachable(`${value} after ${last} is no multiple of ${step}`);
      if (value > last) moved++;
      last = value;
    }
    assert.ok(moved > 10, `saw it move ${moved} times`);
  });
});

async function beside(task: string, check: (reader: CountersReader) => Promise<void>): Promise<void> {
  const { memory } = CountersRegion.create({ maxBlocks: 2 });
  const signals = new SharedArrayBuffer(8);
  const words = new Int32Array(signals);
  const worker = new Worker(new URL('./countingThread.worker.js', import.meta.url), {
    workerData: { memory, signals, task },
  });
  const ended = once(worker, 'exit');
  try {
    while (Atomics.load(words, STUCK) === 0) await sleep(1);
    await check(new CountersReader(memory));
    assert.is(Atomics.load(words, END), 0);
  } finally {
    Atomics.store(words, END, 1);
    await ended;
  }
}

test.run();
