import type { Group } from '../harness/Contender.ts';
import { PostedRoundTrips } from './PostedRoundTrips.ts';
import { PromisedRoundTrips } from './PromisedRoundTrips.ts';
import { ReferencedRoundTrips } from './ReferencedRoundTrips.ts';

const BY_REFERENCE = 'flysocket in place';
const TRANSFER = 'postMessage transfer';
const CLONE = 'postMessage clone';

export const byReferenceGroups: Group[] = [
  {
    name: 'by-reference/1 MiB there and back',
    unit: 'operations/s',
    ratios: [
      { name: 'in place / transfer', contender: BY_REFERENCE, against: TRANSFER, goal: 1.5 },
      { name: 'in place / clone', contender: BY_REFERENCE, against: CLONE, goal: 10 },
    ],
    contenders: () => [
      new ReferencedRoundTrips(BY_REFERENCE, 1_000),
      new PromisedRoundTrips('flysocket Promises', 50, true),
      new PromisedRoundTrips('flysocket in fragments', 50, false),
      new PostedRoundTrips(TRANSFER, 200, true),
      new PostedRoundTrips(CLONE, 50, false),
    ],
  },
];
