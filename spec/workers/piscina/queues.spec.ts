/** Calls that wait: how many may, and in which order they go. */
import {
  ArrayTaskQueue,
  FixedQueue,
  type Piscina,
  type PiscinaTask,
  queueOptionsSymbol,
  type TaskQueue,
} from 'piscina';
import { ANYTHING, begun, endOf, failureOf, filled, newGate, openGate, sideBySide } from './sideBySide.ts';

const { same, differs, run } = sideBySide('queues');

same(
  'queueSize counts calls that wait, not those for which a thread is being started',
  [0, 0, 0, 1],
  async ({ open }) => {
    const pool = open({ minThreads: 1, maxThreads: 2 });
    await pool.run(1);
    const gate = newGate();
    const sizes = [pool.queueSize];
    const calls: Promise<unknown>[] = [];
    for (let i = 0; i < 3; i++) {
      calls.push(pool.run(gate, { name: 'hold' }));
      sizes.push(pool.queueSize);
    }
    openGate(gate);
    await Promise.all(calls);
    return sizes;
  },
);

/** The order in which five calls end that are made at once. */
async function order(pool: Piscina): Promise<number[]> {
  const ended: number[] = [];
  const { release } = await filled(pool);
  const calls = [1, 2, 3, 4, 5].map((i) => pool.run(i).then(() => ended.push(i)));
  await release(...calls);
  return ended;
}

same('with stricterFIFO calls run in their order', [1, 2, 3, 4, 5], ({ open }) => order(open({ stricterFIFO: true })));

differs(
  'the order of calls',
  'they run in the order in which they were made, always',
  { piscina: ANYTHING, flysocket: [1, 2, 3, 4, 5] },
  ({ open }) => order(open()),
);

differs(
  'maxQueue',
  'the error has a code',
  {
    piscina: ['Task queue is at limit', undefined, 2, ['first', 'second', 'third']],
    flysocket: ['Task queue is at limit', 'ERR_FLYSOCKET_TASK_QUEUE_FULL', 2, ['first', 'second', 'third']],
  },
  async ({ open }) => {
    const pool = open({ maxQueue: 2 });
    const { release } = await filled(pool);
    const calls = [pool.run('first'), pool.run('second')];
    const error = (await failureOf(pool.run('one too many'))) as Error & { code?: string };
    const { queueSize } = pool;
    await release(...calls);
    return [error.message, error.code, queueSize, await Promise.all([...calls, pool.run('third')])];
  },
);

differs(
  'maxQueue: 0',
  'the error has a code, and the call that was refused does not run; in piscina it does, later',
  {
    piscina: ['No task queue available and all Workers are busy', undefined, 1, 'next', 1],
    flysocket: ['No task queue available and all Workers are busy', 'ERR_FLYSOCKET_WORKERS_BUSY', 0, 'next', 0],
  },
  async ({ open }) => {
    const pool = open({ maxQueue: 0 });
    const { release } = await filled(pool);
    const refused = newGate();
    openGate(refused);
    const error = (await failureOf(pool.run(refused, { name: 'hold' }))) as Error & { code?: string };
    const { queueSize } = pool;
    await release();
    // Until what was refused has left the queue of piscina, it refuses others.
    let next = await endOf(pool.run('next'));
    while (next !== 'next') {
      await new Promise((resolve) => setImmediate(resolve));
      next = await endOf(pool.run('next'));
    }
    return [error.message, error.code, queueSize, next, Atomics.load(refused, 0)];
  },
);

const BUSY = 'No task queue available and all Workers are busy';

/** What becomes of `count` calls of a pool without threads that may have `maxThreads`, and no queue. */
async function withoutQueue(pool: Piscina, count: number): Promise<unknown[]> {
  const gate = newGate();
  openGate(gate);
  const calls = Array.from({ length: count }, () => pool.run(gate, { name: 'hold' }));
  const ends = await Promise.allSettled(calls);
  return ends.map((end) => (end.status === 'fulfilled' ? 'ran' : (end.reason as Error).message));
}

same('maxQueue: 0 and one thread that has to be started', ['ran', BUSY], ({ open }) =>
  withoutQueue(open({ minThreads: 0, maxThreads: 1, maxQueue: 0 }), 2),
);

differs(
  'maxQueue: 0 and several threads that have to be started',
  'each of them takes a call; piscina takes one call until the first is ready',
  { piscina: ['ran', BUSY, BUSY], flysocket: ['ran', 'ran', BUSY] },
  ({ open }) => withoutQueue(open({ minThreads: 0, maxThreads: 2, maxQueue: 0 }), 3),
);

same('maxQueue: auto is the square of maxThreads, nothing is Infinity', [9, Number.POSITIVE_INFINITY], ({ open }) => [
  open({ minThreads: 0, maxThreads: 3, maxQueue: 'auto' }).options.maxQueue,
  open().options.maxQueue,
]);

same('concurrentTasksPerWorker: that many at once in a thread', [[0, 1, 2], 0, 1, 3], async ({ open }) => {
  const pool = open({ concurrentTasksPerWorker: 3 });
  const gate = newGate();
  const calls = Array.from({ length: 3 }, () => pool.run(gate, { name: 'holdAsync' }));
  await begun(gate, 3);
  const sizes = [pool.queueSize];
  const next = pool.run('waits');
  sizes.push(pool.queueSize);
  const started = Atomics.load(gate, 0);
  openGate(gate);
  const order = await Promise.all(calls);
  await next;
  return [order.sort(), ...sizes, started];
});

same('by default a thread has one at a time', [1, 1, 2], async ({ open }) => {
  const pool = open();
  const first = await filled(pool);
  const gate = newGate();
  const second = pool.run(gate, { name: 'holdAsync' });
  const sizes = [pool.queueSize, 1 - Atomics.load(gate, 0)];
  await first.release();
  await begun(gate);
  openGate(gate);
  await second;
  return [...sizes, pool.completed];
});

same('completed counts results and errors', [0, 1, 2, 3], async ({ open }) => {
  const pool = open();
  const counts = [pool.completed];
  await pool.run(1);
  counts.push(pool.completed);
  await endOf(pool.run('error', { name: 'fail' }));
  counts.push(pool.completed);
  await endOf(pool.run(1, { name: 'exit' }));
  counts.push(pool.completed);
  return counts;
});

// taskQueue

for (const Queue of [ArrayTaskQueue, FixedQueue]) {
  same(
    `taskQueue: ${Queue.name}`,
    [['first', 'third'], 'AbortError: The task has been aborted', 3],
    async ({ open }) => {
      const pool = open({ taskQueue: new Queue() });
      const { release } = await filled(pool);
      const controller = new AbortController();
      const calls = [pool.run('first'), pool.run('second', { signal: controller.signal }), pool.run('third')];
      const { queueSize } = pool;
      controller.abort();
      const aborted = await endOf(calls[1] as Promise<unknown>);
      await release(...calls);
      return [await Promise.all([calls[0], calls[2]]), String(aborted).split(' <-')[0], queueSize];
    },
  );
}

/** Those with the highest `priority` go first; what was asked of it is noted. */
class PriorityQueue implements TaskQueue {
  readonly tasks: PiscinaTask[] = [];
  readonly seen: unknown[] = [];

  get size(): number {
    return this.tasks.length;
  }

  push(task: PiscinaTask): void {
    this.seen.push(task[queueOptionsSymbol]);
    this.tasks.push(task);
    this.tasks.sort((a, b) => priorityOf(b) - priorityOf(a));
  }

  shift(): PiscinaTask | null {
    return this.tasks.shift() ?? null;
  }

  remove(task: PiscinaTask): void {
    const index = this.tasks.indexOf(task);
    if (index >= 0) this.tasks.splice(index, 1);
  }
}

function priorityOf(task: PiscinaTask): number {
  return (task[queueOptionsSymbol] as { priority: number } | null)?.priority ?? 0;
}

same(
  'taskQueue: one of your own sees queueOptionsSymbol and decides on the order',
  [
    ['high', 'middle', 'low', 'none'],
    [{ priority: 1 }, { priority: 3 }, { priority: 2 }],
  ],
  async ({ open, Pool }) => {
    const taskQueue = new PriorityQueue();
    const pool = open({ taskQueue });
    const { release } = await filled(pool);
    const order: string[] = [];
    const calls = [pool.run({ label: 'none' }).then(() => order.push('none'))];
    for (const [label, priority] of [
      ['low', 1],
      ['high', 3],
      ['middle', 2],
    ] as const) {
      const task = { label, [Pool.queueOptionsSymbol]: { priority } };
      calls.push(pool.run(task).then(() => order.push(label)));
    }
    await release(...calls);
    return [order, [...new Set(taskQueue.seen)].filter((options) => options !== null)];
  },
);

same('a queue of your own without what is aborted', [['first'], 'AbortError', 0], async ({ open }) => {
  const taskQueue = new PriorityQueue();
  const pool = open({ taskQueue });
  const { release } = await filled(pool);
  const controller = new AbortController();
  const calls = [pool.run('first'), pool.run('second', { signal: controller.signal })];
  controller.abort();
  const error = (await failureOf(calls[1] as Promise<unknown>)) as Error;
  await release(...calls);
  return [[await calls[0]], error.name, taskQueue.size];
});

run();
