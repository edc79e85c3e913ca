/** Who gets a call, and what tells that nobody can. */
import { basename } from 'node:path';
import { queueOptionsSymbol } from 'piscina';
import { begun, filled, newGate, openGate, sideBySide, until } from './sideBySide.ts';

const { same, differs, run } = sideBySide('places');

same(
  'loadBalancer gets the task and the threads, and chooses',
  [
    { file: 'pool.worker.js', name: 'whoAmI', isNow: true, isAbortable: false, options: { a: 1 } },
    { currentUsage: 0, isRunningAbortableTask: false, histogram: null, terminating: false, destroyed: false },
    [true, true, true, true],
    true,
  ],
  async ({ open, Pool }) => {
    const tasks: object[] = [];
    const ids: number[] = [];
    const workers: object[] = [];
    let chosen = -1;
    const pool = open({
      minThreads: 2,
      maxThreads: 2,
      loadBalancer(task, candidates) {
        const { filename, name, created, isAbortable, taskId } = task;
        const isNow = created > 0 && created <= performance.now();
        tasks.push({ file: basename(filename), name, isNow, isAbortable, options: task[queueOptionsSymbol] });
        ids.push(taskId);
        const best = candidates.reduce((least, other) => (other.id < least.id ? other : least));
        const { currentUsage, isRunningAbortableTask, histogram, terminating, destroyed } = best;
        workers.push({ currentUsage, isRunningAbortableTask, histogram, terminating, destroyed });
        chosen = best.id;
        return best;
      },
    });
    let created = 0;
    pool.on('workerCreate', () => created++);
    await until(() => created === 2, 'both threads');
    const ran: boolean[] = [];
    for (let i = 0; i < 4; i++) {
      const task = { [Pool.queueOptionsSymbol]: { a: 1 } };
      const id = await pool.run(task, { name: 'whoAmI' });
      ran.push(id === chosen);
    }
    return [tasks[0], workers[0], ran, new Set(ids).size === 4];
  },
);

same('a loadBalancer that has nobody: the call waits, and is asked about again', [true, 'second'], async ({ open }) => {
  let refuses = true;
  const pool = open({
    loadBalancer: (task, workers) =>
      task.isAbortable && refuses ? null : (workers.find(({ currentUsage }) => currentUsage === 0) ?? null),
  });
  await pool.run('the thread is there');
  const waits = pool.run('second', { signal: new AbortController().signal });
  const { queueSize } = pool;
  refuses = false;
  await pool.run('first');
  return [queueSize === 1, await waits];
});

same('a loadBalancer may give a thread more than concurrentTasksPerWorker', [2, [0, 1]], async ({ open }) => {
  const pool = open({ loadBalancer: (_task, workers) => workers[0] ?? null });
  await pool.run(1);
  const gate = newGate();
  const calls = [pool.run(gate, { name: 'holdAsync' }), pool.run(gate, { name: 'holdAsync' })];
  await begun(gate, 2);
  const both = Atomics.load(gate, 0);
  openGate(gate);
  return [both, (await Promise.all(calls)).sort()];
});

same('workerHistogram: each thread has its own', [true, true], async ({ open }) => {
  let first: number | undefined;
  let later: number | undefined;
  const pool = open({
    workerHistogram: true,
    loadBalancer(_task, workers) {
      first ??= workers[0]?.histogram?.max ?? undefined;
      later = workers[0]?.histogram?.max ?? undefined;
      return workers[0] ?? null;
    },
  });
  await pool.run(1);
  await pool.run(5, { name: 'sleep' });
  await pool.run(1);
  return [typeof first === 'number', (later ?? 0) > 0];
});

differs(
  'needsDrain and drain',
  'each is told once, when it begins to hold',
  { piscina: [true, true, false, true, 1, true], flysocket: [true, true, false, true, 1, false] },
  async ({ open }) => {
    const pool = open();
    await pool.run(1);
    await new Promise((resolve) => setImmediate(resolve));
    let needed = 0;
    let drained = 0;
    pool.on('needsDrain', () => needed++);
    pool.on('drain', () => drained++);
    const { release } = await filled(pool);
    const waiting = pool.run(1);
    await until(() => needed > 0, 'needsDrain');
    const during = pool.needsDrain;
    await release(waiting);
    await until(() => drained > 0, 'drain');
    return [needed >= 1, during, pool.needsDrain, drained === 1, drained, needed > 1];
  },
);

same('places of several threads: full when all are taken', [false, true, false], async ({ open }) => {
  const pool = open({ minThreads: 2, maxThreads: 2, concurrentTasksPerWorker: 2 });
  await Promise.all([pool.run(1), pool.run(1)]);
  const some = await filled(pool, 3);
  await new Promise((resolve) => setImmediate(resolve));
  const seen = [pool.needsDrain];
  const last = await filled(pool, 1);
  await until(() => pool.needsDrain, 'it is full');
  seen.push(pool.needsDrain);
  await Promise.all([some.release(), last.release()]);
  await until(() => !pool.needsDrain, 'it is not full');
  return [...seen, pool.needsDrain];
});

run();
