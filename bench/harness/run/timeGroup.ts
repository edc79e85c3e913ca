import type { Allocation } from '../allocation/bytesPerOperation.ts';
import type { Group } from '../Contender.ts';
import type { Measured, RatioRow, ResultRow } from '../Measured.ts';
import type { RoundResult } from '../processes/Host.ts';
import type { Pace } from './Pace.ts';
import { ratioRow } from './ratioRow.ts';
import { collectionsPerMillion, memoryRow, percentilesOf, resultRow } from './resultRow.ts';
import type { Seat, Seats } from './Seats.ts';
import { takeTurns } from './takeTurns.ts';

const FIRST_BATCH = 256;
const BATCHES_PER_ROUND = 4;

/** Measures contenders: time in turns, then what they allocate; answers are checked before and after. */
export async function timeGroup(group: Group, pace: Pace, seats: Seats): Promise<Measured> {
  const mostOperations = new Map<Seat, number | undefined>();
  for (const seat of [...seats.all]) {
    await seats.prepare(seat, async () => mostOperations.set(seat, await warmUp(seat, pace)));
  }
  const turns = {
    rounds: Math.ceil(pace.rounds * (group.patience ?? 1)),
    budgetMs: pace.budgetMs * (group.cost ?? group.patience ?? 1),
  };
  const rounds = await takeTurns(seats, turns, (seat) =>
    seat.host.round(seat.contender, pace.roundMs, mostOperations.get(seat)),
  );
  const allocations = new Map<Seat, Allocation>();
  for (const seat of rounds.keys()) {
    const allocation = await seats.attempt(seat, 'finding out what it allocates', ({ host, contender }) =>
      host.allocation(contender, pace.allocation),
    );
    if (allocation !== undefined) allocations.set(seat, allocation);
    await seats.verify(seat);
  }
  const measured = [...rounds].filter(([seat]) => seats.all.includes(seat));
  return {
    results: measured.flatMap(([seat, done]) => rowsOf(group, seat.name, done, allocations.get(seat))),
    ratios: [...ratiosOf(group, measured), ...allocationGoals(group, allocations)],
  };
}

/**
 * In a quick run batches are cut to what fits into a round: some rivals take seconds for one.
 * @returns the most operations of a batch
 */
async function warmUp({ host, contender }: Seat, { isQuick, warmupMs, roundMs }: Pace): Promise<number | undefined> {
  if (!isQuick) {
    await host.round(contender, warmupMs);
    return undefined;
  }
  const { perSecond } = await host.round(contender, 0, FIRST_BATCH);
  const most = (perSecond * roundMs) / 1000 / BATCHES_PER_ROUND;
  const warm = await host.round(contender, warmupMs, most);
  return (warm.perSecond * roundMs) / 1000 / BATCHES_PER_ROUND;
}

function rowsOf(
  group: Group,
  name: string,
  rounds: readonly RoundResult[],
  allocation: Allocation | undefined,
): ResultRow[] {
  const allocated = {
    ...(allocation && {
      bytesPerOp: allocation.heapBytes + allocation.arrayBufferBytes,
      heapBytesPerOp: allocation.heapBytes,
      arrayBufferBytesPerOp: allocation.arrayBufferBytes,
    }),
    collectionsPerMillion: collectionsPerMillion(rounds),
  };
  const row = (unit: string, figure: (round: RoundResult) => number): ResultRow => ({
    ...resultRow(group.name, name, unit, rounds.map(figure)),
    ...allocated,
  });
  const memory = group.isolated ? [memoryRow(group.name, name, rounds)] : [];
  if (group.unit !== 'us') return [row(group.unit, ({ perSecond }) => perSecond), ...memory];
  return [
    { ...row('us p50', medianTime), percentiles: percentilesOf(rounds) },
    row('us p99', ({ percentiles }) => percentiles['99'] ?? Number.NaN),
    ...memory,
  ];
}

function medianTime({ percentiles }: RoundResult): number {
  return percentiles['50'] ?? Number.NaN;
}

function ratiosOf(group: Group, measured: readonly [Seat, RoundResult[]][]): RatioRow[] {
  const figure = group.unit === 'us' ? medianTime : ({ perSecond }: RoundResult): number => perSecond;
  const figures = new Map(measured.map(([{ name }, rounds]) => [name, rounds.map(figure)]));
  return (group.ratios ?? []).flatMap((spec) => ratioRow(group.name, spec, figures));
}

function allocationGoals(group: Group, allocations: ReadonlyMap<Seat, Allocation>): RatioRow[] {
  return [...allocations]
    .filter(([{ name }]) => group.allocationFree?.includes(name))
    .map(([{ name }, { heapBytes, arrayBufferBytes }]) => ({
      name: `${group.name}: bytes per operation, ${name}`,
      value: heapBytes + arrayBufferBytes,
      goal: 0,
      lowerIsBetter: true,
    }));
}
