import type { Contender, Group } from '../harness/Contender.ts';
import { RingOneThread } from './RingOneThread.ts';
import { RingOneWay } from './RingOneWay.ts';
import { loadRingLibrary, loadRingLibraryWithoutCounters, type RingLibrary } from './ringLibraries.ts';

const LENGTH = 64;
const BATCH = 200_000;
const GOAL = 0.98;

/**
 * What counting costs: the same ring with its counters, and with all of them compiled out. Between two threads the
 * throughput varies by far more than that from round to round, so there only the ratio of many rounds says anything;
 * with both ends in one thread every nanosecond shows.
 */
export const countersGroups: Group[] = [
  group('ring/counters one thread 64 B', 3, (name, library) => new RingOneThread(name, LENGTH, library)),
  group('ring/counters two threads 64 B', 3, (name, library) => new RingOneWay(name, LENGTH, BATCH, library)),
];

function group(name: string, patience: number, contender: (name: string, library: RingLibrary) => Contender): Group {
  return {
    name,
    unit: 'operations/s',
    patience,
    ratios: [{ name: 'counters on / compiled out', contender: 'counters on', against: 'compiled out', goal: GOAL }],
    async contenders() {
      const without = await loadRingLibraryWithoutCounters();
      return [
        contender('counters on', await loadRingLibrary()),
        ...(without === undefined ? [] : [contender('compiled out', without)]),
      ];
    },
  };
}
