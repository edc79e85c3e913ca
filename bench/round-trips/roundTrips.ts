import type { Contender, Group, SkippedContender } from '../harness/Contender.ts';
import { loadRival } from '../loadRival.ts';
import { LowLevelRequests } from '../request-response/LowLevelRequests.ts';
import { PostMessageRequests } from '../request-response/PostMessageRequests.ts';
import { PromiseRequests } from '../request-response/PromiseRequests.ts';
import type { RingbufJs } from '../ring/ringbufJs.ts';
import { AtomicsRequests } from './AtomicsRequests.ts';
import { BroadcastRequests } from './BroadcastRequests.ts';
import { ComlinkRequests } from './ComlinkRequests.ts';
import type { ComlinkModule } from './comlink.ts';
import { ourPool, rivalPools } from './pools.ts';
import { RingbufRequests } from './RingbufRequests.ts';
import { SocketRequests } from './SocketRequests.ts';
import { TransferRequests } from './TransferRequests.ts';

const LOW_LEVEL = 'flysocket low level';
const PROMISES = 'flysocket Promises';
const COMPARED = ['postMessage', 'Atomics.wait', 'ringbuf.js', 'TCP', 'Unix socket', 'comlink'] as const;

/** What has a batch of its own: how many operations take long enough to be timed, and not too long. */
interface Batches {
  readonly low: number;
  readonly promises: number;
  readonly memory: number;
  readonly messages: number;
  readonly pools: number;
}

function orSkipped<Module>(name: string, make: (module: Module) => Contender): Contender | SkippedContender {
  const module = loadRival<Module>(name);
  return module === undefined ? { name, skipped: 'not installed' } : make(module);
}

/** Every way between two threads of a process that one could take. */
export function roundTripContenders(inFlight: number, batches: Batches): (Contender | SkippedContender)[] {
  const { low, promises, memory, messages, pools } = batches;
  return [
    new LowLevelRequests(LOW_LEVEL, inFlight, low),
    new PromiseRequests(PROMISES, inFlight, promises),
    ourPool(inFlight, promises),
    new PostMessageRequests(inFlight, messages),
    new TransferRequests(inFlight, messages),
    new BroadcastRequests(inFlight, messages),
    new AtomicsRequests(inFlight, memory),
    orSkipped<RingbufJs>('ringbuf.js', (module) => new RingbufRequests(inFlight, memory, module)),
    new SocketRequests('TCP', inFlight, messages, 'tcp'),
    ...(process.platform === 'win32'
      ? [{ name: 'Unix socket', skipped: 'not on Windows' }]
      : [new SocketRequests('Unix socket', inFlight, messages, 'unix')]),
    orSkipped<ComlinkModule>('comlink', (module) => new ComlinkRequests(inFlight, pools, module)),
    ...rivalPools(inFlight, pools),
  ];
}

function group(inFlight: number, batches: Batches): Group {
  return {
    name: `round-trips/${inFlight} in flight 32+128 B`,
    unit: 'operations/s',
    ratios: COMPARED.map((against) => ({ name: `low level / ${against}`, contender: LOW_LEVEL, against })),
    contenders: () => roundTripContenders(inFlight, batches),
  };
}

/** A request of 32 + 128 bytes to another thread of the process, and its data back. */
export const roundTripsGroups: Group[] = [
  group(1, { low: 10_000, promises: 5_000, memory: 2_000, messages: 1_000, pools: 1_000 }),
  group(16, { low: 20_000, promises: 10_000, memory: 10_000, messages: 2_000, pools: 1_000 }),
  group(256, { low: 50_000, promises: 20_000, memory: 50_000, messages: 5_000, pools: 2_000 }),
];
