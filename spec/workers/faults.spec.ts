/** What can go wrong with a call: one typed error for its caller, and the pool goes on. */
import { MAX_CALL_TARGETS } from 'flysocket/workers';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { failureOf, itemsOf, newGate, openGate, TASKS, until, withPool } from './poolSupport.ts';

const test = suite('faults of calls');

test('a function that throws: the error as structured clone gives it', () =>
  withPool({}, async (pool) => {
    const error = await failureOf(pool.run('error', { name: 'fail' }));
    assert.instance(error, RangeError);
    assert.is(error.message, 'out of range');
    assert.is(error.cause, 'the cause');
    assert.match(error.stack as string, 'tasks.worker');
    assert.instance(await failureOf(pool.run('rejection', { name: 'fail' })), TypeError);
    assert.is(await failureOf(pool.run('text', { name: 'fail' })), 'only text');
    assert.is(await pool.run('undefined', { name: 'fail' }).catch((thrown) => thrown), undefined);
    assert.is(pool.completed, 4);
  }));

test('an error that cannot be cloned is described', () =>
  withPool({}, async (pool) => {
    const error = await failureOf(pool.run('coded', { name: 'fail' }));
    assert.instance(error, Error);
    assert.is(error.message, 'coded');
    assert.match(error.stack as string, 'tasks.worker');
  }));

test('a task that cannot be cloned', () =>
  withPool({}, async (pool) => {
    assert.is((await failureOf(pool.run(() => {}))).name, 'DataCloneError');
    assert.is((await failureOf(pool.run({ deep: [Symbol('s')] }))).name, 'DataCloneError');
    const { port1 } = new MessageChannel();
    assert.match((await failureOf(pool.run(port1))).message, 'transferList');
    port1.close();
  }));

test('a result that cannot be cloned: its thread lives', () =>
  withPool({}, async (pool) => {
    const thread = await pool.run(undefined, { name: 'whoAmI' });
    assert.is((await failureOf(pool.run('function', { name: 'fail' }))).name, 'DataCloneError');
    assert.is(await pool.run(undefined, { name: 'whoAmI' }), thread);
  }));

test('no such export, no such file, no file at all', () =>
  withPool({}, async (pool) => {
    const noExport = await failureOf(pool.run(1, { name: 'nowhere' }));
    assert.is(noExport.code, 'ERR_FLYSOCKET_NO_FUNCTION');
    assert.match(noExport.message, 'No handler function exported from');
    const noFile = await failureOf(pool.run(1, { filename: '/nowhere/at/all.js' }));
    assert.match(noFile.message, 'Cannot find module');
    await withPool({ filename: null }, async (fileless) => {
      assert.is((await failureOf(fileless.run(1))).code, 'ERR_FLYSOCKET_NO_FILENAME');
      assert.is(await fileless.run(1, { filename: TASKS }), 1);
    });
  }));

test('a file of the pool that is not there fails each call', () =>
  withPool({ filename: '/nowhere/at/all.js' }, async (pool) => {
    assert.match((await failureOf(pool.run(1))).message, 'Cannot find module');
    assert.match((await failureOf(pool.run(1))).message, 'Cannot find module');
    assert.is(await pool.run(2, { filename: TASKS }), 2);
  }));

test('a worker that exits', () =>
  withPool({}, async (pool) => {
    const error = await failureOf(pool.run(3, { name: 'exit' }));
    assert.is(error.code, 'ERR_FLYSOCKET_WORKER_DIED');
    assert.is((error.cause as Error).message, 'worker exited with code: 3');
  }));

test('a worker with an error that nobody caught', () =>
  withPool({}, async (pool) => {
    const error = await failureOf(pool.run(undefined, { name: 'throwLater' }));
    assert.is(error.code, 'ERR_FLYSOCKET_WORKER_DIED');
    assert.is((error.cause as Error).message, 'nobody caught this');
  }));

test('an error of a worker that has no call is told by an event', () =>
  withPool({}, async (pool) => {
    const told = new Promise<Error>((resolve) => pool.once('error', resolve));
    assert.is(await pool.run(undefined, { name: 'throwAfterwards' }), 'fine so far');
    assert.is((await told).message, 'nobody caught this');
  }));

test('a worker that is terminated: all its calls fail, once', () =>
  withPool({ concurrentTasksPerWorker: 8 }, async (pool) => {
    const gate = newGate();
    const calls = Array.from({ length: 8 }, () => failureOf(pool.run(gate, { name: 'holdAsync' })));
    await until(() => Atomics.load(gate, 0) === 8);
    await pool.threads[0]?.terminate();
    const errors = await Promise.all(calls);
    assert.equal(new Set(errors.map(({ code }) => code)), new Set(['ERR_FLYSOCKET_WORKER_DIED']));
    for (const { cause } of errors) assert.is((cause as Error).message, 'worker exited with code: 1');
  }));

test('a worker that runs out of memory', () =>
  withPool({ resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 } }, async (pool) => {
    const error = await failureOf(pool.run(undefined, { name: 'exhaustMemory' }));
    assert.is(error.code, 'ERR_FLYSOCKET_WORKER_DIED');
    assert.is((error.cause as { code?: string }).code, 'ERR_WORKER_OUT_OF_MEMORY');
  }));

test('a worker that never answers', () =>
  withPool({ abortGraceMs: 10 }, async (pool) => {
    const error = await failureOf(pool.run(undefined, { name: 'never', timeoutMs: 20 }));
    assert.is(error.code, 'ERR_FLYSOCKET_TASK_TIMEOUT');
  }));

test('a worker that computes for ever', () =>
  withPool({ abortGraceMs: 10 }, async (pool) => {
    await pool.run(1);
    const error = await failureOf(pool.run(newGate(), { name: 'spin', timeoutMs: 50 }));
    assert.is(error.code, 'ERR_FLYSOCKET_TASK_TIMEOUT');
  }));

test('a call that waits longer than it may', () =>
  withPool({}, async (pool) => {
    const gate = newGate();
    const first = pool.run(gate, { name: 'hold' });
    const second = failureOf(pool.run(1, { timeoutMs: 10 }));
    assert.is((await second).code, 'ERR_FLYSOCKET_TASK_TIMEOUT');
    assert.is(pool.queueSize, 0);
    openGate(gate);
    assert.is(await first, 'held');
  }));

test('destroy fails what runs and what waits', () =>
  withPool({}, async (pool) => {
    const gate = newGate();
    const calls = [pool.run(gate, { name: 'hold' }), pool.run(1), pool.run(2)].map(failureOf);
    const stream = failureOf(itemsOf(pool.requestStream(1, { name: 'numbers' })));
    await until(() => Atomics.load(gate, 0) === 1);
    await pool.destroy();
    for (const error of await Promise.all([...calls, stream])) {
      assert.is(error.code, 'ERR_FLYSOCKET_POOL_DESTROYED');
      assert.is(error.message, 'Terminating worker thread');
    }
  }));

test('destroy while threads start', () =>
  withPool({ minThreads: 2, maxThreads: 2 }, async (pool) => {
    const call = failureOf(pool.run(1));
    await pool.destroy();
    assert.is((await call).code, 'ERR_FLYSOCKET_POOL_DESTROYED');
  }));

test('a full queue', () =>
  withPool({ maxQueue: 2 }, async (pool) => {
    const gate = newGate();
    const running = pool.run(gate, { name: 'hold' });
    await until(() => Atomics.load(gate, 0) === 1);
    const waiting = [pool.run(1), pool.run(2)];
    const error = await failureOf(pool.run(3));
    assert.is(error.message, 'Task queue is at limit');
    assert.is(error.code, 'ERR_FLYSOCKET_TASK_QUEUE_FULL');
    assert.is(pool.queueSize, 2);
    openGate(gate);
    assert.equal(await Promise.all([running, ...waiting]), ['held', 1, 2]);
  }));

test('no queue at all', () =>
  withPool({ maxQueue: 0 }, async (pool) => {
    const gate = newGate();
    const running = pool.run(gate, { name: 'hold' });
    await until(() => Atomics.load(gate, 0) === 1);
    const error = await failureOf(pool.run(3));
    assert.is(error.message, 'No task queue available and all Workers are busy');
    assert.is(error.code, 'ERR_FLYSOCKET_WORKERS_BUSY');
    openGate(gate);
    await running;
  }));

test('a thread that cannot start fails the calls that wait for it', () =>
  withPool({ filename: null, execArgv: ['--require', '/nowhere/at/all.js'] }, async (pool) => {
    pool.on('error', () => {});
    const error = await failureOf(pool.run(1, { filename: TASKS }));
    assert.is(error.code, 'ERR_FLYSOCKET_WORKER_DIED');
    assert.match((error.cause as Error).message, 'Cannot find module');
  }));

test('a thread that does not get ready in time', () =>
  withPool({ filename: new URL('./neverLoads.worker.js', import.meta.url).href, startTimeoutMs: 200 }, async (pool) => {
    const error = await failureOf(pool.run(1));
    assert.is(error.code, 'ERR_FLYSOCKET_WORKER_DIED');
    assert.is((error.cause as { code?: string }).code, 'ERR_FLYSOCKET_WORKER_START');
  }));

test('too many functions', () =>
  withPool({}, async (pool) => {
    const signal = AbortSignal.abort();
    let error: Error & { code?: string } = new Error('none');
    for (let i = 0; i < MAX_CALL_TARGETS; i++) error = await failureOf(pool.run(1, { name: String(i), signal }));
    assert.is(error.code, 'ERR_FLYSOCKET_TOO_MANY_TARGETS');
    assert.is(await pool.run(1), 1);
    await withPool({}, (other) => other.run(1));
  }));

test.run();
