import { fileURLToPath } from 'node:url';
import { WorkerPool } from 'flysocket/workers';
import type { Contender, Group } from '../harness/Contender.ts';
import { loadRival } from '../loadRival.ts';
import { PoolItems } from './PoolItems.ts';
import { PoolObjectRequests, PoolRequests, type TaskPool } from './PoolRequests.ts';
import { PortItems } from './PortItems.ts';

const MANY = 256;
const ONE = 1;
const MILLION = 1_000_000;
const OURS = 'WorkerPool';
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

type Kind = typeof PoolRequests;

const filename = fileURLToPath(new URL('./poolTask.js', import.meta.url));
const oneThread = { filename, minThreads: 1, maxThreads: 1 };

/** Both pools may have as many tasks in the worker as there are in flight. */
function pools(Requests: Kind, inFlight: number, ourBatch: number, piscinaBatch: number): Contender[] {
  const settings = { ...oneThread, concurrentTasksPerWorker: inFlight };
  const untimed = { ...settings, recordTiming: false };
  const piscina = loadRival<PiscinaModule>('piscina');
  const rivals = MODES.map(
    (mode) =>
      piscina &&
      new Requests(piscinaIn(mode), inFlight, piscinaBatch, () => new piscina.Piscina({ ...untimed, atomics: mode })),
  );
  return [
    new Requests(OURS, inFlight, ourBatch, () => new WorkerPool(untimed)),
    new Requests(OURS_TIMED, inFlight, ourBatch, () => new WorkerPool(settings)),
    ...rivals.filter((rival) => rival !== undefined),
  ];
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
