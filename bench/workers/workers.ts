import { fileURLToPath } from 'node:url';
import { WorkerPool } from 'flysocket/workers';
import type { Contender, Group, SkippedContender } from '../harness/Contender.ts';
import { loadRival } from '../loadRival.ts';
import { PoolItems } from './PoolItems.ts';
import { PoolObjectRequests, PoolRequests, pooledBuffer, type TaskPool } from './PoolRequests.ts';
import { PortItems } from './PortItems.ts';

const MANY = 256;
const ONE = 1;
const MILLION = 1_000_000;
const OURS = 'WorkerPool';
const OURS_OWN_ARRAYS = 'WorkerPool, own arrays';
const OURS_TIMED = 'WorkerPool with times';
const ITEMS = 'WorkerPool, item by item';
const BATCHES = 'WorkerPool, in arrays';
const PORT = 'MessagePort, acknowledged';

/** How piscina's threads wait for tasks. */
const MODES = ['sync', 'async', 'disabled'] as const;
type Mode = (typeof MODES)[number];
const piscinaIn = (mode: Mode): string => `piscina, atomics ${mode}`;

interface PiscinaModule {
  readonly Piscina: new (options: object) => TaskPool;
}

/** Objects, or bytes: for each pool in the form in which it takes them best. */
type Kind = typeof PoolRequests;

const filename = fileURLToPath(new URL('./poolTask.js', import.meta.url));
const oneThread = { filename, minThreads: 1, maxThreads: 1 };

/** Both pools may have as many tasks in the worker as there are in flight. */
function pools(
  Requests: Kind,
  inFlight: number,
  ourBatch: number,
  piscinaBatch: number,
): (Contender | SkippedContender)[] {
  const settings = { ...oneThread, concurrentTasksPerWorker: inFlight };
  const untimed = { ...settings, recordTiming: false };
  const piscina = loadRival<PiscinaModule>('piscina');
  const rivals = MODES.map((mode) => {
    const name = piscinaIn(mode);
    if (piscina === undefined) return { name, skipped: 'not installed' };
    return new Requests(name, inFlight, piscinaBatch, () => new piscina.Piscina({ ...untimed, atomics: mode }));
  });
  const ours = [
    new Requests(OURS, inFlight, ourBatch, () => new WorkerPool(untimed), pooledBuffer),
    new Requests(OURS_TIMED, inFlight, ourBatch, () => new WorkerPool(settings), pooledBuffer),
  ];
  if (Requests === PoolRequests)
    ours.push(new Requests(OURS_OWN_ARRAYS, inFlight, ourBatch, () => new WorkerPool(untimed)));
  return [...ours, ...rivals];
}

function ratios(goal: number): NonNullable<Group['ratios']> {
  return MODES.map((mode) => ({
    name: `WorkerPool / piscina ${mode}`,
    contender: OURS,
    against: piscinaIn(mode),
    goal,
  }));
}

/** Pools of one worker. piscina has the settings in which it is fastest here: see its three modes. */
export const workersGroups: Group[] = [
  {
    name: 'workers/run 256 in flight, 32+128 B',
    unit: 'operations/s',
    ratios: ratios(20),
    contenders: () => pools(PoolRequests, MANY, 20_000, 2_000),
  },
  {
    name: 'workers/run 256 in flight, a small object',
    unit: 'operations/s',
    ratios: ratios(3),
    contenders: () => pools(PoolObjectRequests, MANY, 10_000, 2_000),
  },
  {
    name: 'workers/run 1 in flight, 32+128 B',
    unit: 'operations/s',
    ratios: ratios(1.5),
    contenders: () => pools(PoolRequests, ONE, 5_000, 1_000),
  },
  {
    name: 'workers/stream of 64 B items',
    unit: 'operations/s',
    ratios: [
      { name: 'item by item / port', contender: ITEMS, against: PORT, goal: 10 },
      { name: 'in arrays / port', contender: BATCHES, against: PORT, goal: 10 },
    ],
    contenders: () => [
      new PoolItems(ITEMS, MILLION, false),
      new PoolItems(BATCHES, MILLION, true),
      new PortItems(PORT, 100_000),
    ],
  },
];
