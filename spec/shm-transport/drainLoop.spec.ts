/** The drain loop of this thread, with links whose ends are both here, and sources made up for it. */
import { readFile } from 'node:fs/promises';
import type { Worker } from 'node:worker_threads';
import { ThreadCounter } from 'flysocket/counters';
import type { RSocketError } from 'flysocket/flyweight';
import { connectWorker, DrainLoop, type DrainSource } from 'flysocket/shm-transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { RecordingHandler } from '../tck/RecordingHandler.ts';
import { turns, until } from '../tck/until.ts';
import { framesOf, linkPair, peerPair, SMALL_RING, sendFrame, withWorker } from './linkSupport.ts';

const test = suite('drain loop');
const loop = DrainLoop.ofThisThread();

/** Work that another thread would bring: `pending` pieces of it. */
class MadeUpSource implements DrainSource {
  pending = 0;
  drained = 0;
  visits = 0;
  flushes = 0;
  onDrain: () => void = () => {};

  drain(limit: number): number {
    this.visits++;
    this.onDrain();
    const handled = Math.min(limit, this.pending);
    this.pending -= handled;
    this.drained += handled;
    return handled;
  }

  flush(): void {
    this.flushes++;
  }

  hasWork(): boolean {
    return this.pending > 0;
  }
}

async function withSources(count: number, use: (sources: MadeUpSource[]) => Promise<void>): Promise<void> {
  const sources = Array.from({ length: count }, () => new MadeUpSource());
  for (const source of sources) loop.add(source);
  try {
    await use(sources);
  } finally {
    for (const source of sources) loop.remove(source);
  }
}

function parked(): Promise<void> {
  return until(() => !loop.isAwake, 'the loop has parked');
}

test('all sources have their turns, however much work one of them has: MESSAGES_PER_VISIT', () =>
  withSources(2, async ([busy, calm]) => {
    const order: number[] = [];
    (busy as MadeUpSource).pending = 1_000;
    (calm as MadeUpSource).pending = 3;
    (calm as MadeUpSource).onDrain = () => order.push((busy as MadeUpSource).pending);
    loop.wake();
    await until(() => busy?.pending === 0, 'the work is done');
    assert.is(calm?.drained, 3);
    assert.ok((order[0] as number) > 900, 'the calm one came before the busy one was through');
    assert.is(busy?.visits, busy?.flushes);
  }));

test('it parks when there is nothing to do, IDLE_TURNS_BEFORE_PARK, and a wake starts it again', () =>
  withSources(1, async ([source]) => {
    await parked();
    const parks = loop.counters.get(ThreadCounter.PARKS);
    const visits = source?.visits;
    await turns(20);
    assert.is(source?.visits, visits, 'who sleeps does not look');
    (source as MadeUpSource).pending = 1;
    loop.onDoorbell(0);
    assert.is(source?.drained, 1, 'a doorbell is answered in its own turn');
    await parked();
    assert.is(loop.counters.get(ThreadCounter.PARKS), parks + 1);
  }));

/**
 * Wakes the loop for a piece of work and lets it park again.
 * @param lateMs how long the wake-up is said to have taken
 * @returns the turns without work that this took
 */
async function idleTurnsOf(ofLoop: DrainLoop, source: MadeUpSource, lateMs: number): Promise<number> {
  const before = ofLoop.counters.get(ThreadCounter.IDLE_TURNS);
  source.pending = 1;
  ofLoop.onDoorbell(performance.timeOrigin + performance.now() - lateMs);
  await until(() => !ofLoop.isAwake, 'the loop has parked');
  return ofLoop.counters.get(ThreadCounter.IDLE_TURNS) - before;
}

test('it polls before it parks, but not where wake-ups come late: LATE_MS, PARKS_BETWEEN_TRIALS', async () => {
  const own = new DrainLoop();
  const source = new MadeUpSource();
  own.add(source);
  await until(() => !own.isAwake, 'the loop has parked');
  assert.ok((await idleTurnsOf(own, source, 0)) > 10, 'at first it polls');
  const turnsBeforePark: number[] = [];
  for (let i = 0; i < 1_200; i++) turnsBeforePark.push(await idleTurnsOf(own, source, 5));
  assert.is(turnsBeforePark.slice(10).filter((count) => count > 1).length, 2, 'one in 512');

  own.configure({ idleTurnsBeforePark: 7 });
  for (let i = 0; i < 20; i++) assert.is(await idleTurnsOf(own, source, 5), 7, 'whoever says how long is obeyed');
  own.remove(source);
});

test('what came in while it was about to park keeps it awake', () =>
  withSources(1, async ([source]) => {
    await parked();
    let isLate = true;
    (source as MadeUpSource).hasWork = () => {
      if (isLate) (source as MadeUpSource).pending = 1;
      isLate = false;
      return (source as MadeUpSource).pending > 0;
    };
    loop.wake();
    await until(() => source?.drained === 1, 'the late work is done');
  }));

test('a wake-up that got lost costs PARK_CHECK_INTERVAL_MS, and is counted', () =>
  withSources(1, async ([source]) => {
    await parked();
    const lost = loop.counters.get(ThreadCounter.WAKE_TIMEOUTS);
    (source as MadeUpSource).pending = 1;
    await until(() => source?.drained === 1, 'it has looked by itself');
    assert.is(loop.counters.get(ThreadCounter.WAKE_TIMEOUTS), lost + 1);
  }));

test('a source that throws is an uncaught error, and the loop goes on', () =>
  withSources(2, async ([broken, sound]) => {
    const uncaught = new Promise((resolve) => process.once('uncaughtException', resolve));
    (broken as MadeUpSource).onDrain = () => {
      (broken as MadeUpSource).onDrain = () => {};
      throw new TypeError('a bug');
    };
    loop.wake();
    assert.instance(await uncaught, TypeError);
    (sound as MadeUpSource).pending = 5;
    await until(() => sound?.drained === 5, 'the other one was drained');
    await parked();
  }));

test('sources may come and go within a pass', () =>
  withSources(3, async ([first, second, third]) => {
    (second as MadeUpSource).onDrain = () => loop.remove(first as MadeUpSource);
    for (const source of [first, second, third]) (source as MadeUpSource).pending = 100;
    loop.wake();
    await until(() => second?.pending === 0 && third?.pending === 0, 'the others are drained');
    const visits = first?.visits;
    await parked();
    assert.is(first?.visits, visits);
  }));

test('timers and I/O get their turn while requests run without end', async () => {
  const [left, right] = await peerPair({}, { handler: { requestResponse: (payload) => payload } });
  let answered = 0;
  let stop = false;
  const run = async (): Promise<void> => {
    while (!stop) {
      await left.requestResponse('again');
      answered++;
    }
  };
  const running = Array.from({ length: 16 }, run);
  let ticks = 0;
  const interval = setInterval(() => ticks++, 1);
  try {
    assert.ok((await readFile(new URL(import.meta.url))).length > 0);
    await until(() => ticks >= 20 && answered > 1_000, 'the timer has fired again and again under load');
  } finally {
    clearInterval(interval);
    stop = true;
  }
  await Promise.all(running);
  await left.close();
  await right.onClose;
});

test('a pass ends by its budget, MESSAGES_PER_PASS, though the low level never lets go', () =>
  withSources(1, async ([source]) => {
    const exhausted = loop.counters.get(ThreadCounter.BUDGETS_EXHAUSTED);
    let isTimerFired = false;
    setTimeout(() => {
      isTimerFired = true;
    }, 1);
    (source as MadeUpSource).onDrain = () => {
      if (!isTimerFired) (source as MadeUpSource).pending = 1_000;
    };
    loop.wake();
    await until(() => isTimerFired, 'the timer fired');
    assert.ok(loop.counters.get(ThreadCounter.BUDGETS_EXHAUSTED) > exhausted);
    await parked();
  }));

test('runBlocking returns by its deadline, asleep or under load', () =>
  withSources(1, async ([source]) => {
    const start = performance.now();
    loop.runBlocking(() => false, 30);
    assert.ok(performance.now() - start >= 30);
    (source as MadeUpSource).onDrain = () => {
      (source as MadeUpSource).pending = 1_000;
    };
    loop.runBlocking(() => false, 30);
    (source as MadeUpSource).onDrain = () => {};
    (source as MadeUpSource).pending = 0;
    await parked();
  }));

test('runBlocking sleeps no longer than MAX_BLOCK_MS at a time', () => {
  const start = performance.now();
  loop.runBlocking(() => performance.now() - start > 20, 60_000);
});

test('runBlocking ends when it is done, drains what is there, and leaves the loop running', async () => {
  const [left, right] = await linkPair();
  const received = new RecordingHandler();
  right.receive(received);
  for (let i = 0; i < 10; i++) sendFrame(left, String(i));
  loop.runBlocking(() => received.frames.length === 10, 5_000);
  assert.is(received.frames.length, 10);
  assert.throws(
    () =>
      loop.runBlocking(() => {
        throw new TypeError('a bug');
      }, 5_000),
    (error: Error) => error instanceof TypeError,
  );
  sendFrame(left, 'after');
  await until(() => received.frames.length === 11, 'the event loop drains again');
  await parked();
  left.close();
  await right.onClose;
});

test('runBlocking is not for handlers', async () => {
  const [left, right] = await linkPair();
  const received = new RecordingHandler();
  let error: RSocketError | undefined;
  received.afterFrame = () => {
    try {
      loop.runBlocking(() => true, 1);
    } catch (thrown) {
      error = thrown as RSocketError;
    }
  };
  right.receive(received);
  sendFrame(left, 'one');
  await until(() => received.frames.length === 1, 'the frame has come');
  assert.is(error?.code, 'ERR_FLYSOCKET_LOOP_REENTRANT');
  sendFrame(left, 'two');
  await until(() => received.frames.length === 2, 'the link goes on');
  assert.equal(framesOf(received), ['one', 'two']);
  left.close();
});

test('a worker that owns itself answers out of Atomics.wait, and sleeps in between', () =>
  withWorker(new URL('./linkBlocking.worker.js', import.meta.url), {}, async (worker: Worker) => {
    const peer = await connectWorker(worker, { ringCapacity: SMALL_RING });
    for (let i = 0; i < 200; i++) {
      assert.is((await peer.requestResponse(String(i))).dataUtf8(), String(i));
      // Now and then long enough for the worker to be asleep.
      if (i % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const counters = JSON.parse((await peer.requestResponse('counters')).dataUtf8());
    assert.ok(counters.parks >= 5, `it slept ${counters.parks} times`);
    assert.ok(counters.wakes >= 5, `it was woken ${counters.wakes} times`);
    await peer.fireAndForget('enough');
    await peer.onClose;
  }));

test.run();
