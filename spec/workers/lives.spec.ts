/** The life of calls and threads: aborted at every stage, tried again, replaced, ended. */
import { EventEmitter, once } from 'node:events';
import { ArrayTaskQueue, MAX_CALL_RETRIES, queueOptionsSymbol, WorkerPool } from 'flysocket/workers';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { failureOf, newGate, openGate, TASKS, until, withPool } from './poolSupport.ts';

const test = suite('lives of calls and threads');
/** A test with many threads, one after the other. */
const THREADS_TIMEOUT_MS = 30_000;

test('aborted before it is made', () =>
  withPool({}, async (pool) => {
    const error = await failureOf(pool.run(1, { signal: AbortSignal.abort('early') }));
    assert.is(error.name, 'AbortError');
    assert.is(error.message, 'The task has been aborted');
    assert.is(error.code, 'ERR_FLYSOCKET_TASK_ABORTED');
    assert.is(error.cause, 'early');
    assert.is(pool.completed, 0);
  }));

test('aborted while it waits', () =>
  withPool({}, async (pool) => {
    const gate = newGate();
    const first = pool.run(gate, { name: 'hold' });
    const controller = new AbortController();
    const second = failureOf(pool.run(1, { signal: controller.signal }));
    const third = pool.run(2);
    controller.abort();
    assert.is((await second).name, 'AbortError');
    openGate(gate);
    assert.equal(await Promise.all([first, third]), ['held', 2]);
  }));

test('aborted while it runs, and its function listens', () =>
  withPool({}, async (pool) => {
    const gate = newGate();
    const thread = pool.threads[0];
    const controller = new AbortController();
    const call = failureOf(pool.run(gate, { name: 'untilAborted', signal: controller.signal }));
    await until(() => Atomics.load(gate, 0) === 1);
    controller.abort('running');
    assert.is((await call).cause, 'running');
    assert.is(await pool.run(1), 1);
    assert.is(Atomics.load(gate, 1), 1);
    assert.is(pool.threads[0], thread);
  }));

test('aborted by an emitter', () =>
  withPool({}, async (pool) => {
    const gate = newGate();
    const signal = new EventEmitter();
    const call = failureOf(pool.run(gate, { name: 'untilAborted', signal }));
    await until(() => Atomics.load(gate, 0) === 1);
    signal.emit('abort');
    assert.is((await call).name, 'AbortError');
    assert.is(await pool.run(1), 1);
    assert.is(signal.listenerCount('abort'), 0);
  }));

test('aborted while it runs, and its function does not listen: its thread is replaced', () =>
  withPool({ abortGraceMs: 10 }, async (pool) => {
    for (const name of ['hold', 'holdAsync', 'spin']) {
      const gate = newGate();
      const thread = pool.threads[0];
      const controller = new AbortController();
      const call = failureOf(pool.run(gate, { name, signal: controller.signal }));
      await until(() => Atomics.load(gate, 0) === 1);
      controller.abort();
      assert.is((await call).name, 'AbortError');
      assert.is(await pool.run(1), 1);
      assert.is.not(pool.threads[0], thread);
    }
  }));

test('others in the thread of a call that was aborted live, as long as it does', () =>
  withPool({ abortGraceMs: 10, concurrentTasksPerWorker: 2 }, async (pool) => {
    const [gate, other] = [newGate(), newGate()];
    const thread = pool.threads[0];
    const controller = new AbortController();
    const aborted = failureOf(pool.run(gate, { name: 'holdAsync', signal: controller.signal }));
    const lives = pool.run(other, { name: 'holdAsync' });
    await until(() => Atomics.load(gate, 0) === 1 && Atomics.load(other, 0) === 1);
    controller.abort();
    assert.is((await aborted).name, 'AbortError');
    await new Promise((resolve) => setTimeout(resolve, 50));
    openGate(other);
    assert.is(await lives, 'held');
    await until(() => pool.threads[0] !== thread, 'the end of the thread whose only call was aborted');
  }));

test('a thread that is stuck costs the others, too', () =>
  withPool({ abortGraceMs: 10, signOfLifeTimeoutMs: 50, concurrentTasksPerWorker: 2 }, async (pool) => {
    const [gate, other] = [newGate(), newGate()];
    const controller = new AbortController();
    const aborted = failureOf(pool.run(gate, { name: 'holdAsync', signal: controller.signal }));
    await until(() => Atomics.load(gate, 0) === 1);
    const stuck = failureOf(pool.run(other, { name: 'spin' }));
    await until(() => Atomics.load(other, 0) === 1);
    controller.abort();
    assert.is((await aborted).name, 'AbortError');
    assert.is((await stuck).code, 'ERR_FLYSOCKET_WORKER_DIED');
  }));

test('aborted after it has ended: nothing', () =>
  withPool({}, async (pool) => {
    const controller = new AbortController();
    assert.is(await pool.run(1, { signal: controller.signal, timeoutMs: 9_000 }), 1);
    controller.abort();
    assert.is(await pool.run(2), 2);
  }));

test('calls that were not begun are made elsewhere, if that is wanted', () =>
  withPool({ concurrentTasksPerWorker: 8, retry: 'rejected' }, async (pool) => {
    await loadHold(pool);
    const gate = newGate();
    const begun = failureOf(pool.run(gate, { name: 'hold' }));
    const others = [1, 2, 3].map((value) => pool.run(value));
    const unwanted = failureOf(pool.run(4, { retry: 'never' }));
    const transferred = failureOf(pool.run(5, { transferList: [new ArrayBuffer(8)] }));
    await until(() => Atomics.load(gate, 0) === 1);
    await pool.threads[0]?.terminate();
    assert.is((await begun).code, 'ERR_FLYSOCKET_WORKER_DIED');
    assert.is((await unwanted).code, 'ERR_FLYSOCKET_WORKER_DIED');
    assert.is((await transferred).code, 'ERR_FLYSOCKET_WORKER_DIED');
    assert.equal(await Promise.all(others), [1, 2, 3]);
  }));

test('a stream that was not begun, too', () =>
  withPool({ concurrentTasksPerWorker: 8, retry: 'rejected' }, async (pool) => {
    await loadHold(pool);
    const gate = newGate();
    const begun = failureOf(pool.run(gate, { name: 'hold' }));
    const stream = pool.requestStream(3, { name: 'numbers' });
    const channel = pool.requestChannel([1, 2], { name: 'twice' });
    const [first, pair] = [stream.next(), channel.next()];
    await until(() => Atomics.load(gate, 0) === 1);
    await pool.threads[0]?.terminate();
    await begun;
    assert.equal([(await first).value, (await stream.next()).value, (await pair).value], [0, 1, 1]);
    await Promise.all([stream.return(), channel.return()]);
  }));

test('a call is not tried for ever', notForEver, { timeoutMs: THREADS_TIMEOUT_MS });

async function notForEver(): Promise<void> {
  class HoldsFirst extends ArrayTaskQueue {
    override shift(): ReturnType<ArrayTaskQueue['shift']> {
      const hold = this.tasks.find((task) => task[queueOptionsSymbol] !== null);
      if (hold === undefined) return super.shift();
      this.remove(hold);
      return hold;
    }
  }
  const options = {
    name: 'hold',
    retry: 'rejected',
    concurrentTasksPerWorker: 2,
    taskQueue: new HoldsFirst(),
  } as const;
  await withPool(options, async (pool) => {
    const gates = Array.from({ length: MAX_CALL_RETRIES + 2 }, () => Object.assign(newGate(), FIRST));
    const holds = [pool.run(gates[0]).catch((error: unknown) => error)];
    const victim = failureOf(pool.run(newGate()));
    for (const [i, gate] of gates.entries()) {
      await until(() => Atomics.load(gate, 0) === 1);
      if (i === gates.length - 1) break;
      holds.push(pool.run(gates[i + 1]).catch((error: unknown) => error));
      await pool.threads[0]?.terminate();
    }
    const { code, message } = await victim;
    assert.is(code, 'ERR_FLYSOCKET_WORKER_DIED');
    assert.match(message, `${MAX_CALL_RETRIES + 1} threads`);
    openGate(gates.at(-1) as Int32Array);
    assert.is(await holds.pop(), 'held');
  });
}
const FIRST = { [queueOptionsSymbol]: {} };

test('a thread that has done enough is replaced', () =>
  withPool({ maxTasksPerThread: 2 }, async (pool) => {
    const ids: unknown[] = [];
    for (let i = 0; i < 6; i++) ids.push(await pool.run(undefined, { name: 'whoAmI' }));
    assert.is(new Set(ids).size, 3);
    assert.is(ids[0], ids[1]);
  }));

test('threads come as calls wait, and go when they have nothing to do', () =>
  withPool({ minThreads: 1, maxThreads: 3, idleTimeout: 20 }, async (pool) => {
    const gates = [newGate(), newGate(), newGate()];
    const calls = gates.map((gate) => pool.run(gate, { name: 'hold' }));
    await until(() => gates.every((gate) => Atomics.load(gate, 0) === 1));
    assert.is(pool.threads.length, 3);
    for (const gate of gates) openGate(gate);
    await Promise.all(calls);
    await until(() => pool.threads.length === 1);
    assert.is(await pool.run(1), 1);
  }));

test('a pool without threads makes them when they are needed', () =>
  withPool({ minThreads: 0, maxThreads: 1 }, async (pool) => {
    assert.is(pool.threads.length, 0);
    assert.is(await pool.run(1), 1);
    await until(() => pool.threads.length === 0);
    assert.is(await pool.run(2), 2);
  }));

test('events of threads', async () => {
  const pool = new WorkerPool({ filename: TASKS, minThreads: 2, maxThreads: 2 });
  const ids: number[] = [];
  let destroyed = 0;
  pool.on('workerCreate', ({ id }) => ids.push(id));
  pool.on('workerDestroy', () => destroyed++);
  await until(() => ids.length === 2);
  assert.equal(new Set(ids), new Set(pool.threads.map(({ threadId }) => threadId)));
  await pool.destroy();
  assert.is(destroyed, 2);
});

test('needsDrain and drain', () =>
  withPool({}, async (pool) => {
    await pool.run(0);
    const gate = newGate();
    const needsDrain = once(pool, 'needsDrain');
    const call = pool.run(gate, { name: 'hold' });
    await needsDrain;
    assert.is(pool.needsDrain, true);
    const drain = once(pool, 'drain');
    openGate(gate);
    await call;
    await drain;
    assert.is(pool.needsDrain, false);
  }));

test('close waits for what there is, and takes nothing new', async () => {
  const pool = new WorkerPool({ filename: TASKS, minThreads: 1, maxThreads: 1 });
  const calls = [pool.run(1), pool.run(2), pool.run(3, { name: 'later' })];
  const closed = once(pool, 'close');
  const closing = pool.close();
  const refused = await failureOf(pool.run(4));
  assert.is(refused.name, 'AbortError');
  assert.is(refused.cause, 'queue is being terminated');
  assert.equal(await Promise.all(calls), [1, 2, 3]);
  await closing;
  await closed;
  assert.is(pool.threads.length, 0);
});

test('close by force fails what waits', async () => {
  const pool = new WorkerPool({ filename: TASKS, minThreads: 1, maxThreads: 1 });
  const gate = newGate();
  const running = pool.run(gate, { name: 'hold' });
  await until(() => Atomics.load(gate, 0) === 1);
  const waiting = failureOf(pool.run(1));
  const closing = pool.close({ force: true });
  assert.is((await waiting).cause, 'pool is closed');
  openGate(gate);
  assert.is(await running, 'held');
  await closing;
});

test('close does not wait for ever', async () => {
  const pool = new WorkerPool({ filename: TASKS, minThreads: 1, maxThreads: 1, closeTimeout: 20 });
  const call = failureOf(pool.run(undefined, { name: 'never' }));
  const failed = once(pool, 'error');
  await pool.close();
  const [error] = await failed;
  assert.is(error.message, 'Close operation timed out');
  assert.is(error.code, 'ERR_FLYSOCKET_CLOSE_TIMEOUT');
  assert.is((await call).code, 'ERR_FLYSOCKET_POOL_DESTROYED');
});

test('fireAndForget: on its way when it resolves, and what it throws is an event', () =>
  withPool({}, async (pool) => {
    const counter = newGate();
    await pool.fireAndForget(counter, { name: 'count' });
    await until(() => Atomics.load(counter, 0) === 1);
    const failed = once(pool, 'taskError');
    await pool.fireAndForget('error', { name: 'fail' });
    assert.instance((await failed)[0], RangeError);
    assert.is((await failureOf(pool.fireAndForget(() => {}))).name, 'DataCloneError');
    assert.is(pool.completed, 2);
  }));

test('a task queue of the caller decides what comes next', async () => {
  class ByPriority extends ArrayTaskQueue {
    override shift(): ReturnType<ArrayTaskQueue['shift']> {
      const priorityOf = (task: object): number =>
        (task as { [queueOptionsSymbol]: { priority: number } })[queueOptionsSymbol].priority;
      this.tasks.sort((a, b) => priorityOf(b) - priorityOf(a));
      return super.shift();
    }
  }
  const gate = newGate();
  await withPool({ taskQueue: new ByPriority() }, async (pool) => {
    const order: unknown[] = [];
    const hold = pool.run(Object.assign(gate, { [queueOptionsSymbol]: { priority: 9 } }), { name: 'hold' });
    await until(() => Atomics.load(gate, 0) === 1);
    const calls = [1, 3, 2].map((priority) =>
      pool.run({ priority, [queueOptionsSymbol]: { priority } }).then(() => order.push(priority)),
    );
    openGate(gate);
    await Promise.all([hold, ...calls]);
    assert.equal(order, [3, 2, 1]);
  });
});

test('a load balancer of the caller: chooses, waits, fails', () =>
  withPool(
    {
      minThreads: 2,
      maxThreads: 2,
      loadBalancer: (task, workers) => {
        if (task.name === 'fail') throw new RangeError('no balance');
        const last = workers.at(-1);
        return last?.currentUsage === 0 ? last : null;
      },
    },
    async (pool) => {
      const ids = [0, 1, 2].map(() => pool.run(1, { name: 'sleep' }));
      await Promise.all(ids);
      assert.is((await failureOf(pool.run('error', { name: 'fail' }))).message, 'no balance');
      assert.is(pool.queueSize, 0);
    },
  ));

/** Has the thread load what `hold` is, so that it then holds the thread as soon as it is called. */
async function loadHold(pool: WorkerPool): Promise<void> {
  const gate = newGate();
  openGate(gate);
  await pool.run(gate, { name: 'hold' });
}

test.run();
