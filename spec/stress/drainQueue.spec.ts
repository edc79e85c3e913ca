import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { DirectBuffer } from 'flysocket/flyweight';
import { DrainQueue } from 'flysocket/shm-transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import type { Job } from './drainQueue.worker.ts';
import {
  BEGUN,
  GO,
  MOST_INSIDE,
  makeRound,
  OUT_OF_ORDER,
  type Round,
  recorder,
  STOP,
  STUCK,
  TORN,
} from './drainQueueShared.ts';
import { Tally } from './ringOutcomes.ts';

const PATIENCE_MS = 20_000;
const SHORT_MS = 20;

const test = suite('drain queue between threads');

function start(round: Round, job: Job, producer: number): { worker: Worker; exit: Promise<unknown> } {
  const worker = new Worker(new URL('./drainQueue.worker.js', import.meta.url), {
    workerData: { round, job, producer },
  });
  const exit = new Promise((resolve, reject) => worker.once('exit', resolve).once('error', reject));
  exit.catch(() => {});
  return { worker, exit };
}

async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not within ${PATIENCE_MS} ms: ${what}`);
    await sleep(1);
  }
}

function wordOf({ words }: Round, index: number): number {
  return Atomics.load(words, index);
}

async function begin(round: Round, threads: number): Promise<void> {
  await until('all threads have begun', () => wordOf(round, BEGUN) === threads);
  Atomics.store(round.words, GO, 1);
  Atomics.notify(round.words, GO);
}

const SHARED_OUTCOMES = {
  'handled once': { expect: 'acceptable', because: 'the guarantee' },
  'never handled': { expect: 'forbidden', because: 'the last to leave did not see it' },
  'handled twice': {
    expect: 'forbidden',
    because: 'two threads drained the same message, and nobody was taken for dead',
  },
} as const;

for (const { threads, capacity, messages } of [
  { threads: 2, capacity: 4096, messages: 20_000 },
  { threads: 4, capacity: 1024, messages: 5_000 },
]) {
  test(
    `${threads} threads offer and drain: each message once, one handler at a time, nothing left behind`,
    async () => {
      const round = makeRound(DrainQueue.lengthFor(capacity), threads, messages);
      const started = Array.from({ length: threads }, (_, producer) => start(round, 'offer and drain', producer));
      try {
        await begin(round, threads);
        await Promise.all(started.map(({ exit }) => exit));
      } finally {
        Atomics.store(round.words, STOP, 1);
        await Promise.all(started.map(({ worker }) => worker.terminate()));
      }
      const queue = new DrainQueue(round.queue);
      assert.is(queue.size(), 0, 'nothing left behind');
      const tally = new Tally(SHARED_OUTCOMES);
      round.handled.forEach((times, message) => {
        const name = times === 1 ? 'handled once' : times === 0 ? 'never handled' : 'handled twice';
        tally.count(name, () => `message ${message} handled ${times} times`);
      });
      tally.assertAllowed();
      assert.is(tally.get('handled once'), threads * messages);
      assert.is(wordOf(round, MOST_INSIDE), 1, 'threads within a handler at one time');
      assert.is(wordOf(round, TORN), 0, 'torn messages');
      assert.is(wordOf(round, OUT_OF_ORDER), 0, 'messages out of order');
    },
    { timeoutMs: 60_000 },
  );
}

/** Drains until nothing is left, as the thread that comes after the bound. */
async function drainAfterTheDead(queue: DrainQueue, handler: Parameters<DrainQueue['drain']>[0]): Promise<void> {
  await until('the queue is empty', () => {
    queue.drain(handler);
    return queue.isEmpty();
  });
}

test(
  'a drainer terminated in a handler: another takes over, and the message is delivered again',
  async () => {
    const round = makeRound(DrainQueue.lengthFor(4096), 1, 5);
    const heir = new DrainQueue(round.queue, { drainTimeoutMs: SHORT_MS });
    const { worker } = start(round, 'stick in a handler', 0);
    try {
      await until('it is in the handler', () => wordOf(round, STUCK) === 1);
      assert.ok(heir.drain(() => assert.unreachable()) < 0, 'the first look only notes what is there');
    } finally {
      await worker.terminate();
    }
    const types: number[] = [];
    await drainAfterTheDead(heir, (type) => types.push(type));
    assert.equal(types, [2, 3, 4, 5]);
    assert.equal([...round.handled], [1, 0, 0, 0, 0]);
    assert.is(heir.takeovers(), 1);
    assert.is(heir.revocations(), 0);
  },
  { timeoutMs: 60_000 },
);

test(
  'a producer terminated between claim and commit: those behind it pass after the bound',
  async () => {
    const round = makeRound(DrainQueue.lengthFor(4096), 1, 1);
    const { worker } = start(round, 'stick in a claim', 0);
    const queue = new DrainQueue(round.queue, { claimTimeoutMs: SHORT_MS });
    try {
      await until('it has claimed', () => wordOf(round, STUCK) === 1);
      assert.ok(queue.offer(7, new Uint8Array(4), 0, 4));
      assert.is(
        queue.drain(() => assert.unreachable()),
        0,
      );
    } finally {
      await worker.terminate();
    }
    const types: number[] = [];
    await drainAfterTheDead(queue, (type) => types.push(type));
    assert.equal(types, [7]);
    assert.is(queue.revocations(), 1);
    assert.is(queue.takeovers(), 0);
  },
  { timeoutMs: 60_000 },
);

const KILL_OUTCOMES = {
  'offered and handled once': { expect: 'acceptable', because: 'nobody died over it' },
  'offered and handled twice': {
    expect: 'acceptable',
    because: 'the drainer died in its handler: at most one for each death',
  },
  'offered and lost': { expect: 'forbidden', because: 'offer said that it would be delivered' },
  'handled, offer not returned': { expect: 'acceptable', because: 'the producer died after its commit' },
  'handled too often': { expect: 'forbidden', because: 'each death repeats one message at most' },
  'never offered': { expect: 'acceptable', because: 'the round ended before' },
} as const;

test(
  'threads terminated anywhere: what was offered is handled, and at most one message twice for each',
  async () => {
    const tally = new Tally(KILL_OUTCOMES);
    for (let attempt = 0; attempt < 12; attempt++) {
      const round = makeRound(DrainQueue.lengthFor(2048), 2, 200_000);
      const started = [0, 1].map((producer) => start(round, 'offer and drain', producer));
      let repeated = 0;
      try {
        await begin(round, 2);
        await sleep(3 + ((attempt * 7) % 20));
        await started[0]?.worker.terminate();
      } finally {
        Atomics.store(round.words, STOP, 1);
        await (attempt % 2 === 0 ? started[1]?.exit : started[1]?.worker.terminate());
      }
      const queue = new DrainQueue(round.queue, { drainTimeoutMs: SHORT_MS, claimTimeoutMs: SHORT_MS });
      await drainAfterTheDead(queue, recorder(round));
      round.handled.forEach((times, message) => {
        const wasOffered = round.offered[message] === 1;
        repeated += Math.max(times - 1, 0);
        const detail = (): string => `attempt ${attempt}, message ${message}, handled ${times} times`;
        if (times > 2) tally.count('handled too often', detail);
        else if (!wasOffered) tally.count(times === 0 ? 'never offered' : 'handled, offer not returned', detail);
        else if (times === 0) tally.count('offered and lost', detail);
        else tally.count(times === 1 ? 'offered and handled once' : 'offered and handled twice', detail);
      });
      assert.ok(repeated <= 2, `attempt ${attempt}: ${repeated} messages repeated by at most two deaths`);
      assert.is(wordOf(round, TORN), 0, 'torn messages');
      const source = new DirectBuffer(new ArrayBuffer(8));
      assert.ok(queue.offer(1, source, 0, 8), 'the queue works on');
      // A place that was taken just before the end, and was not counted as taken yet, now lies before this one.
      let lastType = 0;
      await drainAfterTheDead(queue, (type) => {
        lastType = type;
      });
      assert.is(lastType, 1);
    }
    tally.assertAllowed();
    assert.ok(tally.get('offered and handled once') > 0);
  },
  { timeoutMs: 60_000 },
);

test.run();
