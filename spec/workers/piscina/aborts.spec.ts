/** Calls that are given up: before, while they wait, while they run, and after. */
import { EventEmitter, getEventListeners } from 'node:events';
import type { Piscina } from 'piscina';
import { begun, describe, endOf, failureOf, newGate, openGate, type Scene, sideBySide } from './sideBySide.ts';

const { same, differs, run } = sideBySide('aborted calls');

/** Both kinds of signals, and how one is made to say so. */
const SIGNALS = [
  {
    kind: 'an AbortSignal',
    reason: 'Error: the reason',
    make() {
      const controller = new AbortController();
      return { signal: controller.signal, abort: () => controller.abort(new Error('the reason')) };
    },
  },
  {
    kind: 'an EventEmitter',
    reason: undefined,
    make() {
      const signal = new EventEmitter();
      return { signal, abort: () => signal.emit('abort') };
    },
  },
] as const;

const ABORTED = 'AbortError: The task has been aborted';

for (const { kind, make, reason } of SIGNALS) {
  const expected = reason === undefined ? ABORTED : `${ABORTED} <- ${reason}`;

  same(`${kind}: aborted while the call waits`, [expected, 1, 0, 0], async ({ open }) => {
    const pool = open();
    const gate = newGate();
    const first = pool.run(gate, { name: 'holdAsync' });
    await begun(gate);
    const { signal, abort } = make();
    const second = newGate();
    openGate(second);
    const call = endOf(pool.run(second, { name: 'hold', signal }));
    const sizes = [pool.queueSize];
    abort();
    const end = await call;
    sizes.push(pool.queueSize);
    openGate(gate);
    await first;
    await pool.run(1);
    return [end, ...sizes, Atomics.load(second, 0)];
  });

  same(`${kind}: aborted while a thread is being started for the call`, [expected, 'works'], async ({ open }) => {
    const pool = open({ minThreads: 0, maxThreads: 1 });
    const { signal, abort } = make();
    const call = endOf(pool.run(1, { signal }));
    abort();
    return [await call, await pool.run('works')];
  });

  same(`${kind}: aborted while the call runs, which holds its thread`, [expected, true], async ({ open }) => {
    const pool = open();
    const before = await pool.run(undefined, { name: 'whoAmI' });
    const { signal, abort } = make();
    const gate = newGate();
    const call = endOf(pool.run(gate, { name: 'spin', signal }));
    await begun(gate);
    abort();
    const end = await call;
    return [end, before !== (await pool.run(undefined, { name: 'whoAmI' }))];
  });

  same(`${kind}: aborted after the call has ended`, ['ended', true], async ({ open }) => {
    const pool = open();
    const before = await pool.run(undefined, { name: 'whoAmI' });
    const { signal, abort } = make();
    const end = await pool.run('ended', { signal });
    abort();
    return [end, before === (await pool.run(undefined, { name: 'whoAmI' }))];
  });

  same(`${kind}: nothing listens to it after the call`, [0, 0], async ({ shared }) => {
    const { signal } = make();
    await shared.run(1, { signal });
    await endOf(shared.run('error', { name: 'fail', signal }));
    const listeners = getEventListeners(signal, 'abort').length;
    return [listeners, shared.queueSize];
  });
}

same('aborted before: nothing is sent, nothing transferred', [`${ABORTED} <- Error: early`, 4, 0], async ({ open }) => {
  const pool = open();
  const controller = new AbortController();
  controller.abort(new Error('early'));
  const buffer = new ArrayBuffer(4);
  const end = await endOf(pool.run(buffer, { signal: controller.signal, transferList: [buffer] }));
  return [end, buffer.byteLength, pool.completed];
});

same(
  'the cause is whatever the signal was aborted with',
  ['text', 'TimeoutError', 'AbortError'],
  async ({ shared }) => {
    const causes: unknown[] = [];
    for (const signal of [AbortSignal.abort('text'), AbortSignal.timeout(0), AbortSignal.abort()]) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      const { cause } = (await failureOf(shared.run(1, { signal }))) as Error;
      causes.push(cause instanceof DOMException ? cause.name : cause);
    }
    return causes;
  },
);

/** Of a call whose function does not hold its thread: does the thread live on? */
async function survives({ open }: Scene, isEndingSoon: boolean): Promise<unknown> {
  const pool = open();
  const before = await pool.run(undefined, { name: 'whoAmI' });
  const controller = new AbortController();
  const gate = newGate();
  const call = endOf(pool.run(gate, { name: 'holdAsync', signal: controller.signal }));
  await begun(gate);
  controller.abort();
  const error = describe(await call);
  if (isEndingSoon) openGate(gate);
  const after = await pool.run(undefined, { name: 'whoAmI' });
  return [/AbortError/.test(error), before === after];
}

differs(
  'aborted while the call runs, and its function ends soon',
  'the thread gets abortGraceMs to come to an end by itself, and lives; piscina ends it',
  { piscina: [true, false], flysocket: [true, true] },
  (scene) => survives(scene, true),
);

same('aborted while the call runs, and its function goes on', [true, false], (scene) => survives(scene, false));

/** Whether a call with a signal runs beside another one in a thread that has places for two. */
async function sharing(pool: Piscina): Promise<unknown> {
  const gate = newGate();
  const first = pool.run(gate, { name: 'holdAsync' });
  await begun(gate);
  const second = pool.run(gate, { name: 'holdAsync', signal: new EventEmitter() });
  const { queueSize } = pool;
  openGate(gate);
  await Promise.all([first, second]);
  return queueSize;
}

differs(
  'a call with a signal beside another one',
  'it shares a thread, as aborting it need not end the thread; piscina has it wait for one of its own',
  { piscina: 1, flysocket: 0 },
  async ({ open }) => {
    const pool = open({ concurrentTasksPerWorker: 2 });
    await pool.run(1);
    return sharing(pool);
  },
);

differs(
  'an error of this kind',
  'it has a code',
  { piscina: undefined, flysocket: 'ERR_FLYSOCKET_TASK_ABORTED' },
  async ({ shared }) => ((await failureOf(shared.run(1, { signal: AbortSignal.abort() }))) as { code?: string }).code,
);

run();
