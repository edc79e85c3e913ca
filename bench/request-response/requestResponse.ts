import type { Contender, Group } from '../harness/Contender.ts';
import { loadRival } from '../loadRival.ts';
import { LowLevelRequests } from './LowLevelRequests.ts';
import { type PiscinaModule, PiscinaRequests } from './PiscinaRequests.ts';
import { PostMessageRequests } from './PostMessageRequests.ts';
import { PromiseRequests } from './PromiseRequests.ts';
import { RequestsBesideOpenStreams } from './RequestsBesideOpenStreams.ts';

const MANY = 256;
const ONE = 1;
const LOW_LEVEL = 'flysocket low level';
const PROMISES = 'flysocket Promises';

function rivals(inFlight: number, postMessageBatch: number, piscinaBatch: number): Contender[] {
  const piscina = loadRival<PiscinaModule>('piscina');
  return [
    new PostMessageRequests(inFlight, postMessageBatch),
    ...(piscina === undefined ? [] : [new PiscinaRequests(piscina, inFlight, piscinaBatch)]),
  ];
}

function openStreams(streams: number): RequestsBesideOpenStreams {
  return new RequestsBesideOpenStreams(`${streams} open`, streams, MANY, 50_000);
}

export const requestResponseGroups: Group[] = [
  {
    name: 'request-response/256 in flight 32+128 B',
    unit: 'operations/s',
    ratios: [
      { name: 'low level / piscina', contender: LOW_LEVEL, against: 'piscina', goal: 100 },
      { name: 'low level / postMessage', contender: LOW_LEVEL, against: 'postMessage', goal: 15 },
      { name: 'Promises / piscina', contender: PROMISES, against: 'piscina', goal: 40 },
    ],
    allocationFree: [LOW_LEVEL],
    contenders: () => [
      new LowLevelRequests(LOW_LEVEL, MANY, 50_000),
      new PromiseRequests(PROMISES, MANY, 20_000),
      ...rivals(MANY, 5_000, 1_000),
    ],
  },
  {
    name: 'request-response/1 in flight 32+128 B',
    unit: 'operations/s',
    ratios: [
      { name: 'low level / piscina', contender: LOW_LEVEL, against: 'piscina', goal: 20 },
      { name: 'low level / postMessage', contender: LOW_LEVEL, against: 'postMessage', goal: 15 },
    ],
    contenders: () => [
      new LowLevelRequests(LOW_LEVEL, ONE, 10_000),
      new PromiseRequests(PROMISES, ONE, 5_000),
      ...rivals(ONE, 1_000, 1_000),
    ],
  },
  {
    name: 'request-response/beside open streams',
    unit: 'operations/s',
    ratios: [
      { name: '1000 open / 10 open', contender: '1000 open', against: '10 open', goal: 1 / 1.5 },
      { name: '100000 open / 10 open', contender: '100000 open', against: '10 open', goal: 1 / 1.5 },
    ],
    contenders: () => [openStreams(10), openStreams(1_000), openStreams(100_000)],
  },
];
