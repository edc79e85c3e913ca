import { extendGroup } from '../extendGroup.ts';
import type { AnyGroup, Contender, Group, Measured, Pace, ResultRow } from '../harness/index.ts';
import { LEAST_ROUNDS } from '../harness/run/Pace.ts';
import { CountByOneThread } from './CountByOneThread.ts';
import { CountByRemoteService, CountByService } from './CountByService.ts';
import { CountByThreads } from './CountByThreads.ts';

const ONE_THREAD = 'one thread, a number';
const MANY = 1_000;
const TEN_THOUSAND = 10_000;
const MILLION = 1e6;
const TIMES_THE_CONTENDED = 20;
const PART_OF_ONE_THREAD: number = 1 / 1.5;

/**
 * The talk's picture: count to N. An operation is one increment by whoever has something to count, wherever it goes
 * from there, and the count is N when the clock stops. `each` hands over every increment by itself; `per 1,000` means
 * that a thread counts so far in a field of its own first, and until then nobody else sees it.
 *
 * Handing increments over by thousands is what makes all ways fast, `Atomics.add` too, and a queue can't beat one
 * instruction at adding a number. Its own merit is that what is handed over may be anything, that one thread at a time
 * has all of it, and that the losers never wait: what they did meanwhile is told too.
 */
export const counterGroups: AnyGroup[] = [counterGroup(2), counterGroup(4), serviceGroup()];

function counterGroup(threads: number): AnyGroup {
  const named = (how: string): string => `${threads} threads, ${how}`;
  const atomic = named('Atomics.add each');
  const atomicCached = named('Atomics.add per 1,000');
  const queue = named('drain queue each');
  const queueCached = named('drain queue per 10,000');
  const name = `counter/${threads} threads`;
  const goals = threads === 2;
  let counting: CountByThreads[] = [];
  return extendGroup({
    name,
    // A window takes a collection in every thread; who is to allocate nothing gets a second chance.
    pace: (usual) => (usual.isQuick ? brief(usual, goals ? 2 : 1) : usual),
    group: () => {
      counting = [
        new CountByThreads(atomic, 1_000_000, threads, 'atomic', 1),
        new CountByThreads(atomicCached, 20_000_000, threads, 'atomic', MANY),
        new CountByThreads(queue, 200_000, threads, 'queue', 1),
        new CountByThreads(named('drain queue per 1,000'), 20_000_000, threads, 'queue', MANY),
        new CountByThreads(queueCached, 20_000_000, threads, 'queue', TEN_THOUSAND),
      ];
      const contenders: Contender[] = [
        new CountByOneThread(ONE_THREAD, 20_000_000),
        new CountByThreads('one thread, Atomics.add', 1_000_000, 1, 'atomic', 1),
        ...counting,
      ];
      return {
        name,
        unit: 'operations/s',
        ratios: [
          ratio(
            'drain queue per 10,000 / Atomics.add each',
            queueCached,
            atomic,
            goals ? TIMES_THE_CONTENDED : undefined,
          ),
          ratio('drain queue per 10,000 / one thread', queueCached, ONE_THREAD, goals ? PART_OF_ONE_THREAD : undefined),
          ratio('drain queue each / Atomics.add each', queue, atomic),
          ratio('drain queue per 1,000 / Atomics.add per 1,000', named('drain queue per 1,000'), atomicCached),
        ],
        ...(goals ? { allocationFree: [ONE_THREAD, queueCached] } : {}),
        contenders: () => contenders,
      } satisfies Group;
    },
    extend: (measured) => ({ ...measured, results: [...measured.results, ...rowsOfMeanwhile(measured, counting)] }),
  });
}

function brief(usual: Pace, windows: number): Pace {
  return { ...usual, rounds: LEAST_ROUNDS, allocation: { ...usual.allocation, windows } };
}

function ratio(name: string, contender: string, against: string, goal?: number): NonNullable<Group['ratios']>[number] {
  return { name, contender, against, ...(goal === undefined ? {} : { goal }) };
}

/** What the losers of drain queues did. */
export function rowsOfMeanwhile({ results }: Measured, counting: readonly CountByThreads[]): ResultRow[] {
  return counting.flatMap(({ name, way, meanwhile: { steps, lost }, milliseconds, increments }) => {
    const row = results.find(({ contender }) => contender === name);
    if (row === undefined || way !== 'queue') return [];
    const figure = (unit: string, value: number): ResultRow => {
      return { group: row.group, contender: name, unit, median: value, min: value, max: value };
    };
    return [
      figure('steps of other work/s', (steps / milliseconds) * 1000),
      figure('drains lost, of a million increments', (lost / increments) * MILLION),
    ];
  });
}

/** The same behind a service that is here or in another thread; who counts can't tell. */
function serviceGroup(): Group {
  const [local, remote] = ['a service in this thread, each', 'a service in a worker, each'] as const;
  return {
    name: 'counter/behind a service',
    unit: 'operations/s',
    ratios: [
      ratio('in a worker / in this thread', remote, local),
      ratio('in a worker per 1,000 / one thread', 'a service in a worker, per 1,000', ONE_THREAD),
    ],
    contenders: () => [
      new CountByOneThread(ONE_THREAD, 20_000_000),
      new CountByService(local, 20_000, 1),
      new CountByRemoteService(remote, 20_000, 1),
      new CountByService('a service in this thread, per 1,000', 5_000_000, MANY),
      new CountByRemoteService('a service in a worker, per 1,000', 5_000_000, MANY),
    ],
  };
}
