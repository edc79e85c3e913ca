import { type LoadGroup, type LoadUnit, nameOfLoad } from '../LoadGroup.ts';
import { isLowerBetter, type Measured, type RatioRow, type ResultRow } from '../Measured.ts';
import type { RoundResult } from '../processes/Host.ts';
import type { Pace } from './Pace.ts';
import { ratioRow } from './ratioRow.ts';
import { collectionsPerMillion, memoryRow, percentilesOf, resultRow } from './resultRow.ts';
import type { Seat, Seats } from './Seats.ts';
import { takeTurns } from './takeTurns.ts';

const FIGURES: Readonly<Record<LoadUnit, (round: RoundResult) => number>> = {
  'requests/s': ({ perSecond }) => perSecond,
  'us p50': ({ percentiles }) => percentiles['50'] ?? Number.NaN,
  'us p99': ({ percentiles }) => percentiles['99'] ?? Number.NaN,
  'us p99.9': ({ percentiles }) => percentiles['99.9'] ?? Number.NaN,
};
const UNITS = Object.keys(FIGURES) as LoadUnit[];

/** Puts services under one load after the other, in turns; answers are checked before, meanwhile and after. */
export async function loadGroup(group: LoadGroup, pace: Pace, seats: Seats): Promise<Measured> {
  const results = new Map<Seat, ResultRow[]>(seats.all.map((seat) => [seat, []]));
  const ratios: RatioRow[] = [];
  const first = group.loads[0];
  if (first === undefined) throw new Error(`${group.name} has no loads`);
  for (const seat of [...seats.all]) {
    await seats.prepare(seat, ({ host, contender }) => host.load(contender, first, pace.warmupMs));
  }
  for (const load of group.loads) {
    const turns = { rounds: pace.rounds, budgetMs: (pace.budgetMs * (group.cost ?? 1)) / group.loads.length };
    const rounds = await takeTurns(seats, turns, ({ host, contender }) => host.load(contender, load, pace.loadMs));
    const label = nameOfLoad(load);
    for (const [seat, done] of rounds) results.get(seat)?.push(...rowsOf(group, seat, label, done));
    for (const spec of group.ratios ?? []) {
      const figures = new Map([...rounds].map(([{ name }, done]) => [name, done.map(FIGURES[spec.unit])]));
      const lowerIsBetter = isLowerBetter(spec.unit);
      ratios.push(...ratioRow(group.name, { ...spec, lowerIsBetter, name: `${spec.name}, ${label}` }, figures));
    }
  }
  for (const seat of [...seats.all]) await seats.verify(seat);
  return { results: seats.all.flatMap((seat) => results.get(seat) ?? []), ratios };
}

function rowsOf(group: LoadGroup, { name }: Seat, load: string, rounds: readonly RoundResult[]): ResultRow[] {
  const contender = `${name}, ${load}`;
  const memory = group.isolated ? [memoryRow(group.name, contender, rounds)] : [];
  return [
    ...UNITS.map((unit) => ({
      ...resultRow(group.name, contender, unit, rounds.map(FIGURES[unit])),
      ...(unit === 'us p50' ? { percentiles: percentilesOf(rounds) } : {}),
      ...(unit === 'requests/s' ? { collectionsPerMillion: collectionsPerMillion(rounds) } : {}),
    })),
    ...memory,
  ];
}
