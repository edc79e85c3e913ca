import type { Allocation } from '../allocation/Allocation.ts';
import type { AllocationEffort } from '../allocation/bytesPerOperation.ts';
import type { Group } from '../Contender.ts';
import type { Measured, RatioRow, ResultRow } from '../Measured.ts';
import type { RoundResult } from '../processes/Host.ts';
import { median } from '../statistics/median.ts';
import type { Pace } from './Pace.ts';
import { quickBatch } from './quickBatch.ts';
import { ratioRow } from './ratioRow.ts';
import { collectionsPerMillion, memoryRow, percentilesOf, resultRow } from './resultRow.ts';
import type { Seat, Seats } from './Seats.ts';
import { takeTurns } from './takeTurns.ts';

const BATCHES_PER_ROUND = 2;
/** In a quick run: how often it is looked for what allocates nothing, where a look says that it does. */
const MOST_LOOKS = 3;

/** Measures contenders: time in turns, then what they allocate; answers are checked before and after. */
export async function timeGroup(group: Group, pace: Pace, seats: Seats): Promise<Measured> {
  const mostOperations = new Map<Seat, number | undefined>();
  for (const seat of [...seats.all]) {
    await seats.prepare(seat, async () => mostOperations.set(seat, await warmUp(seat, pace)));
  }
  const turns = {
    rounds: pace.isQuick ? pace.rounds : Math.ceil(pace.rounds * (group.patience ?? 1)),
    budgetMs: pace.budgetMs * (group.cost ?? group.patience ?? 1),
  };
  const rounds = await takeTurns(seats, turns, (seat) =>
    seat.host.round(seat.contender, pace.roundMs, mostOperations.get(seat)),
  );
  const allocations = new Map<Seat, Allocation>();
  for (const [seat, done] of rounds) {
    const operationMs = 1000 / median(done.map(({ perSecond }) => perSecond));
    const isFree = group.allocationFree?.includes(seat.name) ?? false;
    const allocation = await seats.attempt(seat, 'finding out what it allocates', (each) =>
      allocationOf(each, { ...pace.allocation, operationMs }, pace.isQuick, isFree),
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

/** @returns the most operations of a batch: in a quick run they are cut, since some rivals take seconds for one */
async function warmUp({ host, contender }: Seat, { isQuick, warmupMs, roundMs }: Pace): Promise<number | undefined> {
  if (!isQuick) {
    await host.round(contender, warmupMs);
    return undefined;
  }
  const most = await quickBatch((operations) => host.trial(contender, operations), roundMs);
  const { perSecond } = await host.round(contender, warmupMs, most);
  return Math.max(most, (perSecond * roundMs) / 1000 / BATCHES_PER_ROUND);
}

/**
 * A quick run has few and short windows. What is to allocate nothing gets another look, a longer one, if it seems to;
 * what needs long windows anyway is measured only where it is to allocate nothing.
 */
async function allocationOf(
  { host, contender }: Seat,
  effort: AllocationEffort,
  isQuick: boolean,
  isFree: boolean,
): Promise<Allocation | undefined> {
  if (!isQuick) return host.allocation(contender, effort);
  if (!isFree) return host.allocation(contender, { ...effort, steadyWindows: 0 });
  let least: Allocation | undefined;
  for (let look = 0; look < MOST_LOOKS && (least === undefined || bytesOf(least) > 0); look++) {
    const found = await host.allocation(contender, { ...effort, windowMs: effort.windowMs * 2 ** look });
    if (least === undefined || (found !== undefined && bytesOf(found) < bytesOf(least))) least = found;
  }
  return least;
}

function bytesOf({ heapBytes, arrayBufferBytes }: Allocation): number {
  return heapBytes + arrayBufferBytes;
}

function rowsOf(
  group: Group,
  name: string,
  rounds: readonly RoundResult[],
  allocation: Allocation | undefined,
): ResultRow[] {
  const allocated = {
    ...(allocation && {
      bytesPerOp: bytesOf(allocation),
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
    .map(([{ name }, allocation]) => ({
      name: `${group.name}: bytes per operation, ${name}`,
      unit: 'B/op',
      value: bytesOf(allocation),
      goal: 0,
      lowerIsBetter: true,
    }));
}
