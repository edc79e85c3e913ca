/** How many threads there are, when they come and go, and what becomes of a call whose thread dies. */
import { once } from 'node:events';
import type { Piscina } from 'piscina';
import { begun, describe, failureOf, newGate, openGate, sideBySide, until } from './sideBySide.ts';

const { same, differs, run } = sideBySide('threads');

/** Calls that hold their threads until that gate opens. */
function held(pool: Piscina, gate: Int32Array, count: number): Promise<unknown>[] {
  return Array.from({ length: count }, () => pool.run(gate, { name: 'hold' }));
}

same(
  'minThreads from the beginning, more as they are needed, maxThreads at most',
  [[2, 2, 2, 3, 3], 5],
  async ({ open }) => {
    const pool = open({ minThreads: 2, maxThreads: 3 });
    const gate = newGate();
    const counts = [pool.threads.length];
    const calls: Promise<unknown>[] = [];
    for (let i = 0; i < 4; i++) {
      calls.push(...held(pool, gate, 1));
      counts.push(pool.threads.length);
    }
    calls.push(...held(pool, gate, 1));
    openGate(gate);
    await Promise.all(calls);
    return [counts, Atomics.load(gate, 0)];
  },
);

same('a pool that begins without threads starts them all at once when many calls come', [0, 3, 3], async ({ open }) => {
  const pool = open({ minThreads: 0, maxThreads: 3 });
  const counts = [pool.threads.length];
  const gate = newGate();
  const calls = held(pool, gate, 3);
  counts.push(pool.threads.length);
  calls.push(...held(pool, gate, 1));
  counts.push(pool.threads.length);
  openGate(gate);
  await Promise.all(calls);
  return counts;
});

same('maxThreads below the default of minThreads moves it', [1, 1, 1, 1], ({ open }) => {
  const { options, minThreads, maxThreads } = open({ maxThreads: 1 });
  return [options.minThreads, options.maxThreads, minThreads, maxThreads];
});

same('threads are Workers', [1, true, true], async ({ open }) => {
  const pool = open();
  const id = await pool.run(undefined, { name: 'whoAmI' });
  const [worker] = pool.threads;
  return [pool.threads.length, worker?.threadId === id, worker?.constructor.name === 'Worker'];
});

same('idleThreads: those that are ready and have nothing to do', [1, 0, 1], async ({ open }) => {
  const pool = open();
  await pool.run(1);
  const gate = newGate();
  const idle = [pool.idleThreads];
  const [call] = held(pool, gate, 1);
  idle.push(pool.idleThreads);
  openGate(gate);
  await call;
  idle.push(pool.idleThreads);
  return idle;
});

differs(
  'idleThreads at the beginning',
  'a thread counts once it can take a call; in piscina the first ones count at once',
  { piscina: 1, flysocket: 0 },
  ({ open }) => open().idleThreads,
);

same('a thread above minThreads ends when it has nothing to do; idleTimeout: 0', [2, 1, true], async ({ open }) => {
  const pool = open({ minThreads: 1, maxThreads: 2 });
  const gate = newGate();
  const gone = once(pool, 'workerDestroy');
  const calls = held(pool, gate, 2);
  const before = pool.threads.length;
  openGate(gate);
  await Promise.all(calls);
  const [worker] = await gone;
  return [before, pool.threads.length, worker.destroyed];
});

same('it stays for idleTimeout, and for ever with Infinity', [2, 1, 2], async ({ open }) => {
  const pools = [30, Number.POSITIVE_INFINITY].map((idleTimeout) =>
    open({ minThreads: 1, maxThreads: 2, idleTimeout }),
  );
  const [some, all] = pools as [Piscina, Piscina];
  const gate = newGate();
  const calls = pools.flatMap((pool) => held(pool, gate, 2));
  const gone = once(some, 'workerDestroy');
  const before = some.threads.length;
  openGate(gate);
  await Promise.all(calls);
  await gone;
  return [before, some.threads.length, all.threads.length];
});

same('workerCreate and workerDestroy', [2, 2, ['number', 'number'], [true, true]], async ({ open }) => {
  const pool = open({ minThreads: 2, maxThreads: 2 });
  const created: { id: number; destroyed: boolean }[] = [];
  const destroyed: { destroyed: boolean }[] = [];
  pool.on('workerCreate', (worker) => created.push(worker));
  pool.on('workerDestroy', (worker) => destroyed.push(worker));
  await until(() => created.length === 2, 'both threads are there');
  const ids = created.map(({ id }) => typeof id);
  await pool.destroy();
  return [created.length, destroyed.length, ids, destroyed.map((worker) => worker.destroyed)];
});

same('a worker says something: message', [[{ a: 1 }, 'two']], async ({ open }) => {
  const pool = open();
  const heard: unknown[] = [];
  pool.on('message', (message) => heard.push(message));
  await pool.run({ a: 1 }, { name: 'tellParent' });
  await pool.run('two', { name: 'tellParent' });
  await until(() => heard.length === 2, 'both messages');
  return [heard];
});

same('a BroadcastChannel reaches idle threads, with atomics: disabled', 'heard: hello', async ({ open, Pool }) => {
  const pool = open({ atomics: 'disabled' });
  const name = `flysocket-spec-${Pool.name}-${process.pid}`;
  await pool.run(name, { name: 'listen' });
  const channel = new BroadcastChannel(name);
  const heard = new Promise((resolve) => {
    channel.onmessage = ({ data }) => resolve(data);
  });
  channel.postMessage('hello');
  const answer = await heard;
  channel.close();
  return answer;
});

/** What a death's witness sees: the error of its call, whether it has a code, and whether the pool goes on. */
async function death(pool: Piscina, task: unknown, name: string): Promise<unknown> {
  const error = await failureOf(pool.run(task, { name }));
  return [describe(error), (error as { code?: string }).code, await pool.run('goes on')];
}

const DIED = 'ERR_FLYSOCKET_WORKER_DIED';
const DIES_OTHERWISE = 'the error has a code of its own, and what ended the thread is its cause';

differs(
  'process.exit in a task',
  DIES_OTHERWISE,
  {
    piscina: ['Error: worker exited with code: 3', undefined, 'goes on'],
    flysocket: [
      'RSocketError: the worker thread has ended: worker exited with code: 3 <- Error: worker exited with code: 3',
      DIED,
      'goes on',
    ],
  },
  ({ open }) => death(open(), 3, 'exit'),
);

differs(
  'an error in a task that nobody catches',
  DIES_OTHERWISE,
  {
    piscina: ['RangeError: nobody caught this', undefined, 'goes on'],
    flysocket: [
      'RSocketError: the worker thread has ended: nobody caught this <- RangeError: nobody caught this',
      DIED,
      'goes on',
    ],
  },
  ({ open }) => death(open(), newGate(), 'throwLater'),
);

differs(
  'a rejection in a task that nobody handles',
  DIES_OTHERWISE,
  {
    piscina: ['RangeError: nobody handled this', undefined, 'goes on'],
    flysocket: [
      'RSocketError: the worker thread has ended: nobody handled this <- RangeError: nobody handled this',
      DIED,
      'goes on',
    ],
  },
  ({ open }) => death(open(), undefined, 'rejectLater'),
);

differs(
  'resourceLimits: a task takes too much memory',
  DIES_OTHERWISE,
  {
    piscina: ['ERR_WORKER_OUT_OF_MEMORY', undefined, 'goes on'],
    flysocket: [DIED, 'ERR_WORKER_OUT_OF_MEMORY', 'goes on'],
  },
  async ({ open }) => {
    const pool = open({ resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 } });
    const error = (await failureOf(pool.run(undefined, { name: 'exhaustMemory' }))) as Error & { code: string };
    return [error.code, (error.cause as { code: string } | undefined)?.code, await pool.run('goes on')];
  },
);

same('all calls of a thread fail with it', [2, 'goes on'], async ({ open }) => {
  const pool = open({ concurrentTasksPerWorker: 2 });
  const gate = newGate();
  const calls = [pool.run(gate, { name: 'holdAsync' }), pool.run(gate, { name: 'throwLater' })];
  const ends = await Promise.allSettled(calls);
  return [ends.filter(({ status }) => status === 'rejected').length, await pool.run('goes on')];
});

same(
  'a thread that dies while it has nothing to do: error',
  ['RangeError: nobody was left to catch this', 'goes on'],
  async ({ open }) => {
    const pool = open({ atomics: 'disabled' });
    const failed = once(pool, 'error');
    const gate = newGate();
    await pool.run(gate, { name: 'throwAfterwards' });
    openGate(gate);
    const [error] = await failed;
    return [describe(error), await pool.run('goes on')];
  },
);

same('threads that die are replaced up to minThreads', [true, 1], async ({ open }) => {
  const pool = open();
  const first = await pool.run(undefined, { name: 'whoAmI' });
  await failureOf(pool.run(0, { name: 'exit' }));
  return [first !== (await pool.run(undefined, { name: 'whoAmI' })), pool.threads.length];
});

same('a task that runs counts as one that has begun', [1, 0], async ({ open }) => {
  const pool = open();
  const gate = newGate();
  const [call] = held(pool, gate, 1);
  await begun(gate);
  const counts = [Atomics.load(gate, 0), pool.idleThreads];
  openGate(gate);
  await call;
  return counts;
});

run();
