/**
 * No wake-up is lost: threads that go to sleep whenever they can, and messages that come at any moment. The loop looks
 * by itself now and then, which would hide a lost one; so that is counted, and has to be zero.
 *
 * FLYSOCKET_STRESS=10000000 sends that many messages in each case instead of for a second or two.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { BlockKind, CountersReader, processCounters, ThreadCounter } from 'flysocket/counters';
import { connectWorker, DrainLoop, introduce, type WorkerPeer } from 'flysocket/shm-transport';
import * as assert from 'uvu/assert';
import { withWorker } from '../shm-transport/linkSupport.ts';
import { suite } from '../support/suite.ts';
import { RecordingHandler } from '../tck/RecordingHandler.ts';
import { until } from '../tck/until.ts';
import { Driver, type DriverOptions, Flood, type Traffic } from './linkTraffic.ts';
import type { WakeOrders } from './linkWake.worker.ts';
import { Random } from './ringMessages.ts';

const MESSAGES = Number(process.env['FLYSOCKET_STRESS'] ?? 0);
const LIMITS =
  MESSAGES > 0
    ? { most: MESSAGES, longestMs: Number.POSITIVE_INFINITY }
    : { most: Number.MAX_SAFE_INTEGER, longestMs: 1_200 };
const TIMEOUT_MS = MESSAGES > 0 ? 3_600_000 : 30_000;
/** No message for this long, from threads that run: one of them sleeps that should not. */
const STALL_MS = 2_000;
const LONGEST_BURST = 12;
const SEED = 20_240_611;

const test = suite('link: no wake-up is lost');
const reader = new CountersReader(processCounters().memory);

DrainLoop.ofThisThread().configure({ spinsPerPass: 0, idleTurnsBeforePark: 0 });

function driverOptions(longestBurst: number, pauseOneIn: number): Omit<DriverOptions, 'random'> {
  return { longestBurst, pauseOneIn, ...LIMITS };
}

/** Over all threads. */
function sumOf(counter: number): number {
  let sum = 0;
  for (const block of reader.blocks()) {
    if (block.live && block.kind === BlockKind.THREAD) sum += reader.read(block, counter);
  }
  return sum;
}

/** Where everybody is, for who finds that nobody moves. */
function dump(drivers: Traffic[]): string {
  const lines = drivers.map(({ link, sent, received }) => {
    return `${link.name}: sent ${sent}, came back ${received}, outbound ${JSON.stringify(link.outboundUsage)}`;
  });
  for (const { kindName, label, live, ownerId, counters } of reader.snapshot()) {
    if (live) lines.push(`thread ${ownerId}: ${kindName} "${label}" ${JSON.stringify(counters)}`);
  }
  return lines.join('\n');
}

/** Waits for `work`, and fails with a dump if nothing moves for too long. */
async function watched(drivers: Traffic[], work: Promise<unknown>): Promise<void> {
  let watchdog: NodeJS.Timeout | undefined;
  const stall = new Promise<never>((_, reject) => {
    let last = '';
    let movedAt = performance.now();
    watchdog = setInterval(() => {
      const place = reader.blocks().map((block) => (block.kind === BlockKind.LINK ? reader.read(block, 2) : 0));
      if (place.join() !== last) movedAt = performance.now();
      else if (performance.now() - movedAt > STALL_MS) reject(new Error(`nothing moves\n${dump(drivers)}`));
      last = place.join();
    }, STALL_MS / 10);
  });
  try {
    await Promise.race([work, stall]);
  } finally {
    clearInterval(watchdog);
  }
}

/** A link that the worker reads already. */
async function linkWith(worker: Worker): Promise<WorkerPeer> {
  const [peer] = await Promise.all([connectWorker(worker, { ringCapacity: 1_024 }), once(worker, 'message')]);
  return peer;
}

async function withPeers(
  orders: Partial<WakeOrders>[],
  use: (peers: WorkerPeer[], workers: Worker[]) => Promise<void>,
) {
  const workers = orders.map((order, i) => {
    const workerData: WakeOrders = { seed: SEED + i, pauseOneIn: 0, ...order };
    return new Worker(new URL('./linkWake.worker.js', import.meta.url), { workerData });
  });
  try {
    const lostBefore = sumOf(ThreadCounter.WAKE_TIMEOUTS);
    const wakesBefore = sumOf(ThreadCounter.WAKES);
    const peers = await Promise.all(workers.map(linkWith));
    await use(peers, workers);
    assert.is(sumOf(ThreadCounter.WAKE_TIMEOUTS) - lostBefore, 0, 'a wake-up was lost');
    assert.ok(sumOf(ThreadCounter.WAKES) - wakesBefore > 100, 'the threads did sleep');
    for (const peer of peers) peer.close();
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function drive(peer: WorkerPeer, longestBurst: number, pauseOneIn: number): Driver {
  return new Driver(peer.link, { ...driverOptions(longestBurst, pauseOneIn), random: new Random(SEED - 1) });
}

/** A case with one worker that echoes. */
function echoed(name: string, orders: Partial<WakeOrders>, longestBurst: number, pauseOneIn: number): void {
  test(
    name,
    () =>
      withPeers([orders], async ([peer]) => {
        const driver = drive(peer as WorkerPeer, longestBurst, pauseOneIn);
        await watched([driver], driver.done);
        assert.is(driver.received, driver.sent);
      }),
    { timeoutMs: TIMEOUT_MS },
  );
}

echoed('bursts, and sleep in between', {}, LONGEST_BURST, 0);
echoed('bursts, and both sides dawdle', { pauseOneIn: 7 }, LONGEST_BURST, 5);
echoed('rings full both ways: who waits for room is woken when there is some', { pauseOneIn: 50 }, Infinity, 60);
echoed('a worker that sleeps in Atomics.wait', { isBlocking: true, pauseOneIn: 20 }, LONGEST_BURST, 20);

test(
  'one way: who waits for room sleeps until the reader has made some',
  () =>
    withPeers([{ isSink: true, pauseOneIn: 10 }], async ([peer], [worker]) => {
      const { link } = peer as WorkerPeer;
      const flood = new Flood(link, { ...driverOptions(0, 0), random: new Random(SEED) });
      const came = new Promise<unknown>((resolve) => worker?.once('message', resolve));
      await watched([flood], flood.done);
      await until(() => link.outboundUsage.used === 0, 'all is read');
      link.close();
      assert.equal(await came, { received: flood.sent, message: 'closed' });
    }),
  { timeoutMs: TIMEOUT_MS },
);

test('a thread that closes a link still hears the doorbell that was rung there', () => {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  return withWorker(new URL('./linkThief.worker.js', import.meta.url), gate.buffer, async (worker) => {
    const ready = once(worker, 'message');
    const staying = await connectWorker(worker);
    const closing = await connectWorker(worker);
    const received = new RecordingHandler();
    staying.link.receive(received);
    closing.link.receive(new RecordingHandler());
    await ready;
    const lostBefore = sumOf(ThreadCounter.WAKE_TIMEOUTS);
    // The worker is held in its handler, so it does not hear that the other link was closed, and uses it once more.
    const index = staying.link.tryClaim(1, 0);
    staying.link.commit(index);
    await until(() => Atomics.load(gate, 0) === 1, 'the worker is held');
    closing.link.close();
    await until(() => !DrainLoop.ofThisThread().isAwake, 'this thread sleeps');
    Atomics.store(gate, 0, 0);
    Atomics.notify(gate, 0);
    await until(() => received.frames.length === 1, 'the answer has come');
    assert.is(sumOf(ThreadCounter.WAKE_TIMEOUTS) - lostBefore, 0);
    staying.link.close();
  });
});

test(
  'three threads, each linked with both others',
  () => {
    const orders: Partial<WakeOrders> = { drives: 'direct', driver: driverOptions(LONGEST_BURST, 30), pauseOneIn: 30 };
    return withPeers([orders, { pauseOneIn: 30 }], async (peers, workers) => {
      const direct = new Promise<{ sent?: number; error?: string }>((resolve) => workers[0]?.once('message', resolve));
      await introduce(peers[0] as WorkerPeer, peers[1] as WorkerPeer, { name: 'direct', ringCapacity: 1_024 });
      const drivers = peers.map((peer) => drive(peer, LONGEST_BURST, 30));
      await watched(drivers, Promise.all([direct, ...drivers.map((driver) => driver.done)]));
      assert.ok(((await direct).sent ?? 0) > 0, (await direct).error);
    });
  },
  { timeoutMs: TIMEOUT_MS },
);

test(
  'links that come and go between the same two threads take no wake-up from the one that stays',
  () =>
    withPeers([{ isFickle: true }], async ([staying], [worker]) => {
      const driver = drive(staying as WorkerPeer, LONGEST_BURST, 0);
      let isOver = false;
      const over = driver.done.finally(() => {
        isOver = true;
      });
      const random = new Random(SEED);
      const comeAndGo = async (): Promise<void> => {
        while (!isOver) {
          const peer = await linkWith(worker as Worker);
          const passing = new Driver(peer.link, { ...driverOptions(LONGEST_BURST, 0), random });
          const pause = new Promise((resolve) => setTimeout(resolve, random.below(5)));
          await Promise.race([passing.done.catch(() => {}), pause]);
          await peer.close();
        }
      };
      await watched([driver], Promise.all([over, comeAndGo()]));
    }),
  { timeoutMs: TIMEOUT_MS },
);

test.run();
