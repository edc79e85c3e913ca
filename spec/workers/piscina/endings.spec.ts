/** How pools end: close, destroy, and by leaving their scope. */
import { once } from 'node:events';
import type { Piscina } from 'piscina';
import { begun, describe, endOf, newGate, openGate, sideBySide } from './sideBySide.ts';

const { same, differs, run } = sideBySide('endings');

/** A call that holds the only thread. */
async function holding(pool: Piscina): Promise<{ gate: Int32Array; call: Promise<unknown> }> {
  const gate = newGate();
  const call = endOf(pool.run(gate, { name: 'holdAsync' }));
  await begun(gate);
  return { gate, call };
}

same('close waits for what runs and what waits', [0, 'waiting', 0, 1], async ({ open }) => {
  const pool = open();
  let closed = 0;
  pool.on('close', () => closed++);
  const { gate, call } = await holding(pool);
  const waiting = pool.run('waiting');
  const closing = pool.close();
  openGate(gate);
  const ends = [await call, await waiting];
  await closing;
  return [...ends, pool.threads.length, closed];
});

same('close of a pool that has nothing to do', [0, 0], async ({ open }) => {
  const pools = [open(), open({ minThreads: 0, maxThreads: 1 })];
  await Promise.all(pools.map((pool) => pool.close()));
  return pools.map(({ threads }) => threads.length);
});

same(
  'close with force: what runs ends, what waits is aborted',
  [0, 'AbortError: The task has been aborted <- pool is closed', 0],
  async ({ open }) => {
    const pool = open();
    const { gate, call } = await holding(pool);
    const waiting = endOf(pool.run('waiting'));
    const closing = pool.close({ force: true });
    openGate(gate);
    const ends = [await call, await waiting];
    await closing;
    return [...ends, pool.threads.length];
  },
);

same(
  'a closing pool takes nothing',
  ['AbortError: The task has been aborted <- queue is being terminated', 0],
  async ({ open }) => {
    const pool = open();
    const { gate, call } = await holding(pool);
    const closing = pool.close();
    const late = await endOf(pool.run('late'));
    openGate(gate);
    await closing;
    return [late, await call];
  },
);

differs(
  'closeTimeout: what does not end in time is ended, and error tells',
  'the errors have codes',
  {
    piscina: ['Error: Close operation timed out', undefined, 'Error: Terminating worker thread', 0],
    flysocket: [
      'RSocketError: Close operation timed out',
      'ERR_FLYSOCKET_CLOSE_TIMEOUT',
      'RSocketError: Terminating worker thread',
      0,
    ],
  },
  async ({ open }) => {
    const pool = open({ closeTimeout: 20 });
    const { call } = await holding(pool);
    const failed = once(pool, 'error');
    await pool.close();
    const [error] = await failed;
    return [describe(error), error.code, await call, pool.threads.length];
  },
);

differs(
  'destroy with calls that run and wait',
  'the errors have codes',
  {
    piscina: [['Error: Terminating worker thread', 'Error: Terminating worker thread'], undefined, 0, 0],
    flysocket: [
      ['RSocketError: Terminating worker thread', 'RSocketError: Terminating worker thread'],
      'ERR_FLYSOCKET_POOL_DESTROYED',
      0,
      0,
    ],
  },
  async ({ open }) => {
    const pool = open();
    const { call } = await holding(pool);
    const waiting = pool.run('waiting').catch((error) => error);
    await pool.destroy();
    const error = await waiting;
    return [[await call, describe(error)], error.code, pool.threads.length, pool.queueSize];
  },
);

same('destroy while threads are being started', [0, true], async ({ open }) => {
  const pool = open({ minThreads: 2, maxThreads: 3 });
  const calls = [1, 2, 3, 4].map((i) => endOf(pool.run(i)));
  await pool.destroy();
  const ends = await Promise.all(calls);
  return [pool.threads.length, ends.every((end) => /Terminating worker thread/.test(String(end)))];
});

same('a pool can be used after destroy, and after close', ['again', 'and again'], async ({ open }) => {
  const pool = open();
  await pool.run(1);
  await pool.destroy();
  const again = await pool.run('again');
  await pool.close();
  return [again, await pool.run('and again')];
});

same('destroy and close may be called twice', [0], async ({ open }) => {
  const pool = open();
  await pool.run(1);
  await Promise.all([pool.destroy(), pool.destroy()]);
  await pool.close();
  await pool.close();
  return [pool.threads.length];
});

same('leaving its scope closes a pool', [0, 'ended', 0], async ({ open }) => {
  const pool = open();
  const { gate, call } = await holding(pool);
  const left = pool[Symbol.asyncDispose]();
  openGate(gate);
  await left;
  const other = open();
  const closed = once(other, 'close');
  const last = other.run('ended');
  other[Symbol.dispose]();
  const end = await last;
  await closed;
  return [await call, end, other.threads.length];
});

same(
  'close with wrong options',
  ['TypeError: options must be an object', 'TypeError: force argument must be a boolean'],
  async ({ shared }) => [
    await endOf(shared.close(null as unknown as object)),
    await endOf(shared.close({ force: 1 as unknown as boolean })),
  ],
);

run();
