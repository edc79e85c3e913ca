/** What workers call in their parent. */
import { once } from 'node:events';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { failureOf, newGate, until, withPool } from './poolSupport.ts';

const test = suite('calls of the parent');

test('a handler is called with the value, and its answer comes back', () =>
  withPool({ handlers: { add: (value) => (value as number) + 1, later: async (value) => [value] } }, async (pool) => {
    assert.is(await pool.run({ name: 'add', value: 1 }, { name: 'callParent' }), 2);
    assert.equal(await pool.run({ name: 'later', value: 'v' }, { name: 'callParent' }), ['v']);
    const bytes = await pool.run({ name: 'later', value: new Uint8Array([1, 2]) }, { name: 'callParent' });
    assert.equal(bytes, [new Uint8Array([1, 2])]);
  }));

test('what a handler throws reaches the function, and its caller', () =>
  withPool(
    {
      handlers: {
        fails: () => {
          throw new RangeError('no');
        },
        unsendable: () => () => {},
      },
    },
    async (pool) => {
      const error = await failureOf(pool.run({ name: 'fails' }, { name: 'callParent' }));
      assert.instance(error, RangeError);
      const unsendable = await failureOf(pool.run({ name: 'unsendable' }, { name: 'callParent' }));
      assert.is(unsendable.name, 'DataCloneError');
      const missing = await failureOf(pool.run({ name: 'toString' }, { name: 'callParent' }));
      assert.is(missing.code, 'ERR_FLYSOCKET_NO_HANDLER');
    },
  ));

test('a handler may call the pool in turn', () =>
  withPool({ concurrentTasksPerWorker: 2, handlers: { again: (value) => inner(value) } }, async (pool) => {
    inner = (value) => pool.run(value, { name: 'later' });
    assert.is(await pool.run({ name: 'again', value: 'turn' }, { name: 'callParent' }), 'turn');
  }));
let inner: (value: unknown) => unknown;

test('many calls at once', () =>
  withPool(
    { concurrentTasksPerWorker: 256, recordTiming: false, handlers: { same: (value) => value } },
    async (pool) => {
      const calls = Array.from({ length: 2_000 }, (_, i) =>
        pool.run({ name: 'same', value: i }, { name: 'callParent' }),
      );
      assert.ok((await Promise.all(calls)).every((answer, i) => answer === i));
    },
  ));

test('a stream from the parent', () =>
  withPool(
    {
      handlers: {
        *numbers(count) {
          for (let i = 1; i <= (count as number); i++) yield i;
        },
      },
    },
    async (pool) => {
      assert.is(await pool.run(10_000, { name: 'streamFromParent' }), 50_005_000);
    },
  ));

test('a worker leaves a stream of the parent', async () => {
  let ended = 0;
  function* endless(): Generator<number> {
    try {
      for (let i = 0; ; i++) yield i;
    } finally {
      ended++;
    }
  }
  await withPool({ handlers: { endless } }, async (pool) => {
    assert.is(await pool.run('endless', { name: 'firstFromParent' }), 0);
    await until(() => ended === 1, 'the end of the stream');
  });
});

test('a worker gives up a call of the parent: the handler hears of it', async () => {
  let aborted = 0;
  const handlers = {
    wait: (_value: unknown, { signal, name }: { signal: AbortSignal; name: string }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          aborted++;
          resolve(name);
        });
      }),
  };
  await withPool({ handlers }, async (pool) => {
    assert.is(await pool.run('wait', { name: 'abortedParentCall' }), 'aborted: changed my mind');
    await until(() => aborted === 1);
    const call = failureOf(pool.run({ name: 'wait' }, { name: 'callParent' }));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await pool.threads[0]?.terminate();
    assert.is((await call).code, 'ERR_FLYSOCKET_WORKER_DIED');
    await until(() => aborted === 2, 'the abortion of a call whose caller died');
  });
});

test('messages of parentPort are events', () =>
  withPool({}, async (pool) => {
    const told = once(pool, 'message');
    await pool.run('hello', { name: 'tellParent' });
    assert.equal(await told, ['hello']);
  }));

test('a task knows its name, in its synchronous part alone', () =>
  withPool({}, async (pool) => {
    assert.is(await pool.run(undefined, { name: 'taskName' }), 'taskName');
    assert.is((await failureOf(pool.run(undefined, { name: 'lateTask' }))).code, 'ERR_FLYSOCKET_NO_TASK');
    assert.is(await pool.run(newGate(), { name: 'argumentCount' }), 1);
  }));

test.run();
