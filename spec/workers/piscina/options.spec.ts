/** Options and their faults, what a pool says about itself, and its statistics. */
import { EventEmitter } from 'node:events';
import { availableParallelism } from 'node:os';
import { describe, endOf, type PoolOptions, sideBySide, WORKER } from './sideBySide.ts';

const { same, differs, run } = sideBySide('options and statistics');

const NOT_OURS = { size: 0, shift() {} };

for (const [option, message, values] of [
  ['filename', 'must be a string or null', [12, {}]],
  ['name', 'must be a string or null', [12, {}]],
  ['minThreads', 'must be a non-negative integer', ['string', -1, {}, null]],
  ['maxThreads', 'must be a positive integer', ['string', 0, -1, {}, null]],
  ['idleTimeout', 'must be a non-negative integer', [-1, 'string', null]],
  ['maxQueue', 'must be a non-negative integer', [-1, 'string', 0n, {}, null]],
  ['concurrentTasksPerWorker', 'must be a positive integer', [-1, 0, '', {}, null]],
  ['atomics', 'should be a value of sync, sync or disabled.', ['yes', 12, true]],
  ['resourceLimits', 'must be an object', [0, null, 'string']],
  ['taskQueue', 'must be a TaskQueue object', [0, null, 'test', {}, NOT_OURS]],
  ['niceIncrement', 'must be a non-negative integer on Unix systems', ['string', -1, null]],
  ['trackUnmanagedFds', 'must be a boolean value', ['string', 0, null]],
  ['closeTimeout', 'must be a non-negative integer', ['string', -1, null]],
  ['loadBalancer', 'must be a function with at least two args', [0, null, 'string', () => null]],
  ['workerHistogram', 'must be a boolean', [0, null, 'string']],
  ['stricterFIFO', 'must be a boolean', [0, null, 'string']],
] as const) {
  same(
    `new: wrong values of ${option}`,
    values.map(() => `TypeError: options.${option} ${message}`),
    ({ Pool }) =>
      values.map((value) => {
        try {
          new Pool({ [option]: value } as PoolOptions).destroy();
          return 'no error';
        } catch (error) {
          return describe(error);
        }
      }),
  );
}

same(
  'new: bounds that conflict',
  'RangeError: options.minThreads and options.maxThreads must not conflict',
  ({ Pool }) => {
    try {
      return new Pool({ minThreads: 16, maxThreads: 8 });
    } catch (error) {
      return describe(error);
    }
  },
);

same(
  'run: wrong options',
  [
    'TypeError: options must be an object',
    'TypeError: options must be an object',
    'TypeError: transferList argument must be an Array',
    'TypeError: filename argument must be a string',
    'TypeError: name argument must be a string',
    'TypeError: signal argument must be an object',
  ],
  ({ shared }) => {
    const faulty = [null, 'text', { transferList: 1 }, { filename: 1 }, { name: 1 }, { signal: 1 }];
    return Promise.all(faulty.map((options) => endOf(shared.run(1, options as object))));
  },
);

same('run: null and undefined stand for nothing', [1, 1], async ({ shared }) => [
  await shared.run(1, { filename: null, name: null, signal: null }),
  await shared.run(1, undefined),
]);

same('options: those in use, with all defaults', {}, ({ open }) => {
  const { options } = open({ maxThreads: 1 });
  const { filename, name, minThreads, maxThreads, idleTimeout, maxQueue, concurrentTasksPerWorker } = options;
  const { niceIncrement, trackUnmanagedFds, closeTimeout, recordTiming, workerHistogram } = options;
  const seen = { filename, name, minThreads, maxThreads, idleTimeout, maxQueue, concurrentTasksPerWorker };
  const others = { niceIncrement, trackUnmanagedFds, closeTimeout, recordTiming, workerHistogram };
  const expected = {
    filename: new URL(WORKER).pathname,
    name: 'default',
    minThreads: 1,
    maxThreads: 1,
    idleTimeout: 0,
    maxQueue: Number.POSITIVE_INFINITY,
    concurrentTasksPerWorker: 1,
    niceIncrement: 0,
    trackUnmanagedFds: true,
    closeTimeout: 30_000,
    recordTiming: true,
    workerHistogram: false,
  };
  return differencesOf({ ...seen, ...others }, expected);
});

function differencesOf(actual: Record<string, unknown>, expected: Record<string, unknown>): unknown {
  return Object.fromEntries(Object.entries(expected).filter(([name, value]) => actual[name] !== value));
}

same('the default bounds follow the processors', [true, true], ({ Pool }) => {
  const pool = new Pool();
  const { minThreads, maxThreads } = pool.options;
  pool.destroy();
  const processors = availableParallelism();
  return [minThreads === Math.max(Math.floor(processors / 2), 1), maxThreads === processors * 1.5];
});

differs(
  'an option that is undefined',
  'is as one that is absent; in piscina it replaces the default',
  { piscina: [undefined, undefined], flysocket: ['default', 0] },
  ({ open }) => {
    const { name, idleTimeout } = open({ name: undefined, idleTimeout: undefined } as unknown as PoolOptions).options;
    return [name, idleTimeout];
  },
);

same(
  'a pool is an EventEmitter, and the class has all it had',
  [true, true, true, true, true, '5.3.2'],
  ({ Pool, open }) => [
    open() instanceof EventEmitter,
    Pool.Piscina === Pool,
    typeof Pool.FixedQueue === 'function',
    typeof Pool.ArrayTaskQueue === 'function',
    typeof Pool.move === 'function',
    Pool.version,
  ],
);

same('duration', [true, true], async ({ open }) => {
  const pool = open();
  const first = pool.duration;
  await pool.run(1);
  return [first >= 0, pool.duration > first];
});

same('utilization: a part of the time that the threads had', [0, true, true], async ({ open }) => {
  const pool = open({ minThreads: 1, maxThreads: 2 });
  const before = pool.utilization;
  await pool.run(20, { name: 'sleep' });
  const after = pool.utilization;
  return [before, after > 0, after <= 0.5];
});

const PERCENTILES = [
  '0_001',
  '0_01',
  '0_1',
  '1',
  '2_5',
  '10',
  '25',
  '50',
  '75',
  '90',
  '97_5',
  '99',
  '99_9',
  '99_99',
  '99_999',
];

same(
  'histogram: the times that calls have run and waited, in ms',
  {
    members: ['average', 'mean', 'stddev', 'min', 'max', ...PERCENTILES.map((percentile) => `p${percentile}`)],
    ran: true,
    waited: true,
    waitedLonger: true,
  },
  async ({ open }) => {
    const pool = open();
    await pool.run(1);
    pool.histogram.resetRunTime();
    pool.histogram.resetWaitTime();
    await Promise.all([pool.run(20, { name: 'sleep' }), pool.run(20, { name: 'sleep' })]);
    const { runTime, waitTime } = pool.histogram;
    return {
      members: Object.keys(runTime),
      ran: runTime.min >= 19 && runTime.max >= runTime.min && runTime.average === runTime.mean,
      waited: waitTime.max >= 19,
      waitedLonger: waitTime.max > waitTime.min,
    };
  },
);

same('histogram: reset', [true, true, true, true], async ({ open }) => {
  const pool = open();
  await pool.run(10, { name: 'sleep' });
  const before = pool.histogram.runTime.max;
  pool.histogram.resetRunTime();
  pool.histogram.resetWaitTime();
  const { runTime, waitTime } = pool.histogram;
  const empty = [runTime.max === 0, waitTime.max === 0];
  await pool.run(1);
  return [before >= 9, ...empty, pool.histogram.runTime.max > 0];
});

same('recordTiming: false', [undefined, undefined, 0, 1], async ({ open }) => {
  const pool = open({ recordTiming: false });
  await pool.run(1);
  const { runTime, waitTime } = pool.histogram;
  pool.histogram.resetRunTime();
  pool.histogram.resetWaitTime();
  return [runTime, waitTime, pool.utilization, pool.completed];
});

run();
