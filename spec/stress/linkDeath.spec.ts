/**
 * A worker ends at every kind of moment. What it had published arrives, every open stream ends once and says why,
 * nothing stays behind, and the parent goes on with the next worker.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { IgnoringSubscriber } from 'flysocket/core';
import { PayloadFlyweight, type RSocketError } from 'flysocket/flyweight';
import { BufferPool } from 'flysocket/pool';
import { connectWorker, DrainLoop, type WorkerPeer } from 'flysocket/shm-transport';
import { CLOSED } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { until } from '../tck/until.ts';
import type { DeathOrders } from './linkDeath.worker.ts';
import { Random } from './ringMessages.ts';

const ROUNDS = Number(process.env['FLYSOCKET_STRESS'] ?? 0) > 0 ? 2_000 : 60;
const ROUNDS_AT_A_TIME = 3;
const LONGEST_DELAY_MS = 12;
const STREAMS = 5;
const RING_CAPACITY = 4_096;
const SEED = 77_003;
/** A thread's state: only a doorbell wakes it (docs/wire/link.md). */
const PARKED = 1;

const test = suite('link: death of a worker');

/** Counts the items of its stream, and keeps how it ended. */
class Listener extends IgnoringSubscriber {
  items = 0;
  readonly wrong: number[] = [];
  readonly ends: string[] = [];

  override onNext(payload: PayloadFlyweight): void {
    const sequence = payload.dataBuffer.getInt32(payload.dataOffset);
    this.items++;
    if (sequence !== this.items) this.wrong.push(sequence);
  }

  override onComplete(): void {
    this.ends.push('complete');
  }

  override onError(error: RSocketError): void {
    this.ends.push(error.code);
  }
}

interface Scene {
  readonly worker: Worker;
  readonly peer: WorkerPeer;
  readonly stage: Int32Array;
  /** Of all open streams; the first one is served by the worker, the others are not answered. */
  readonly listeners: Listener[];
}

/** Starts a worker with open streams on its link, lets `act` end it, and looks at what is left. */
async function play(
  way: DeathOrders['way'],
  seed: number,
  act: (scene: Scene) => Promise<void>,
  expected = 'ERR_FLYSOCKET_PEER_DIED',
): Promise<Scene> {
  const stage = new Int32Array(new SharedArrayBuffer(8));
  const workerData: DeathOrders = { stage: stage.buffer, way, seed };
  const worker = new Worker(new URL('./linkDeath.worker.js', import.meta.url), { workerData });
  const pool = new BufferPool({ label: 'death', tracking: true });
  try {
    const peer = await connectWorker(worker, { ringCapacity: RING_CAPACITY, pool });
    const empty = new PayloadFlyweight();
    const listeners = Array.from({ length: STREAMS }, () => new Listener());
    for (const listener of listeners) {
      assert.ok(peer.zeroCopy.requestStream(empty, 0x7fffffff, listener) > 0);
    }
    const scene = { worker, peer, stage, listeners };
    await act(scene);
    assert.is((await peer.onClose)?.code, expected);
    for (const { ends, wrong } of listeners) {
      assert.equal(wrong, []);
      assert.equal(ends, [expected]);
    }
    assert.is(peer.zeroCopy.openStreams, 0);
    assert.is(peer.zeroCopy.requestResponse(empty, new Listener()), CLOSED);
    pool.assertQuiescent();
    return scene;
  } finally {
    await worker.terminate();
  }
}

/** Makes a request that is not answered. */
function ask({ peer, listeners }: Scene): void {
  const listener = new Listener();
  if (peer.zeroCopy.requestResponse(new PayloadFlyweight(), listener) > 0) listeners.push(listener);
}

function assertPublishedCame({ stage, listeners }: Scene): void {
  const [{ items } = { items: -1 }] = listeners;
  const published = Atomics.load(stage, 1);
  assert.ok(items >= published, `${items} items came, ${published} were published`);
}

async function stopped({ stage }: Scene): Promise<void> {
  await until(() => Atomics.load(stage, 0) === 1, 'the worker has stopped');
}

for (const way of [
  'asleep',
  'within a handler',
  'spinning',
  'between claim and commit',
  'after a commit, before the flush',
  'after the flush, before the doorbell',
  'with the wake-up in its hand',
] as const) {
  test(`terminated: ${way}`, async () => {
    const scene = await play(way, SEED, async (running) => {
      if (way === 'within a handler' || way === 'spinning') ask(running);
      await stopped(running);
      await running.worker.terminate();
    });
    assertPublishedCame(scene);
    assert.is(scene.listeners[0]?.items, Atomics.load(scene.stage, 1), 'and nothing that was not published');
  });
}

for (const [way, exitCode] of [
  ['exit', 0],
  ['exit within a handler', 7],
  ['uncaught error', 1],
  ['end of its program', 0],
] as const) {
  test(`ended by itself: ${way}`, async () => {
    const scene = await play(way, SEED, async (running) => {
      const exit = new Promise((resolve) => running.worker.once('exit', resolve));
      const failed = way === 'uncaught error' ? once(running.worker, 'error') : undefined;
      await until(() => Atomics.load(running.stage, 1) === 3, 'three items are published');
      ask(running);
      if (failed !== undefined) assert.match(String((await failed)[0]), 'a bug in the worker');
      assert.is(await exit, exitCode);
    });
    assertPublishedCame(scene);
  });
}

for (const way of ['scribbled tail', 'scribbled head', 'scribbled everywhere'] as const) {
  test(`${way}: the link ends, whatever is read there`, async () => {
    await play(
      way,
      SEED,
      async (running) => {
        await stopped(running);
        // Who fills the ring has to look at the head.
        const payload = new PayloadFlyweight().wrapData(running.peer.link.buffer, 0, 100);
        for (let i = 0; i < RING_CAPACITY / 100; i++) running.peer.zeroCopy.fireAndForget(payload);
      },
      'ERR_FLYSOCKET_RING_CORRUPT',
    );
  });
}

test('a thread whose wake-up died with a worker can be woken by the others', async () => {
  await play('asleep', SEED, async (other) => {
    await play('with the wake-up in its hand', SEED, async (running) => {
      await stopped(running);
      await running.worker.terminate();
    });
    const loop = DrainLoop.ofThisThread();
    await until(() => !loop.isAwake, 'this thread sleeps');
    assert.is(Atomics.load(new Int32Array(loop.cell), 0), PARKED);
    await other.worker.terminate();
  });
});

test(
  `terminated at random moments, ${ROUNDS} times`,
  async () => {
    const random = new Random(SEED);
    let round = 0;
    let itemsInAll = 0;
    const playRounds = async (): Promise<void> => {
      while (round < ROUNDS) {
        const seed = SEED + round++;
        const delayMs = random.below(LONGEST_DELAY_MS);
        const scene = await play('at random', seed, async ({ worker }) => {
          await new Promise((resolve) => setTimeout(resolve, delayMs));
          await worker.terminate();
        });
        assertPublishedCame(scene);
        itemsInAll += scene.listeners[0]?.items ?? 0;
      }
    };
    await Promise.all(Array.from({ length: ROUNDS_AT_A_TIME }, playRounds));
    assert.ok(itemsInAll > ROUNDS, `the workers were at work: ${itemsInAll} items`);
  },
  { timeoutMs: ROUNDS > 60 ? 3_600_000 : 60_000 },
);

test.run();
