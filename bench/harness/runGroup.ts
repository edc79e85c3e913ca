/**
 * Measures one group. The contenders take turns: in every round each of them runs once, each round starts with the
 * next one, and what counts is the median over the rounds, so that whatever else the machine does meets them alike.
 */
import { Bench } from 'tinybench';
import { collectGarbage } from './allocatedBytes.ts';
import { bytesPerOperation } from './bytesPerOperation.ts';
import type { Contender, Group } from './Contender.ts';
import { median } from './median.ts';
import type { Measured, RatioRow, ResultRow } from './ProgramGroup.ts';

export interface Pace {
  readonly rounds: number;
  /** How long a contender runs in one round, in milliseconds. */
  readonly roundMs: number;
  /** How long it runs before the first round, in milliseconds. */
  readonly warmupMs: number;
}

/** One contender and its rounds. */
interface Rounds {
  readonly contender: Contender;
  /** Operations per second, or the median time in microseconds; one for each round. */
  readonly rounds: number[];
  /** The 99th percentile in microseconds, one for each round, where times are measured. */
  readonly tails: number[];
  bytesPerOp: number;
}

export async function runGroup(group: Group, pace: Pace): Promise<Measured> {
  const contenders = await group.contenders();
  const measured = contenders.map((contender): Rounds => ({ contender, rounds: [], tails: [], bytesPerOp: 0 }));
  const opened: Contender[] = [];
  try {
    for (const contender of contenders) {
      opened.push(contender);
      await contender.open?.();
      await contender.verify();
      await runFor(contender, pace.warmupMs);
    }
    const rounds = Math.ceil(pace.rounds * (group.patience ?? 1));
    for (let round = 0; round < rounds; round++) {
      for (let turn = 0; turn < measured.length; turn++) {
        await runRound(measured[(round + turn) % measured.length] as Rounds, pace.roundMs);
      }
    }
    for (const each of measured) {
      each.bytesPerOp = await bytesPerOperation(each.contender);
      await each.contender.verify();
    }
  } finally {
    for (const contender of opened) await contender.close?.();
  }
  return { results: measured.flatMap((each) => resultRows(group, each)), ratios: ratioRows(group, measured) };
}

async function runRound(each: Rounds, milliseconds: number): Promise<void> {
  collectGarbage();
  const { contender } = each;
  contender.roundTrips?.clear();
  const batchMs = await runFor(contender, milliseconds);
  if (contender.roundTrips === undefined) {
    each.rounds.push((contender.batch / batchMs) * 1000);
  } else {
    each.rounds.push(contender.roundTrips.percentile(0.5));
    each.tails.push(contender.roundTrips.percentile(0.99));
  }
}

/** @returns the median time of a batch, in milliseconds */
async function runFor(contender: Contender, milliseconds: number): Promise<number> {
  const bench = new Bench({ time: milliseconds, iterations: 2, warmup: false, throws: true });
  if (contender.isAsync) {
    bench.add(contender.name, async () => byOwnClock(await contender.run(contender.batch)), { async: true });
    await bench.run();
  } else {
    bench.add(contender.name, () => byOwnClock(contender.run(contender.batch) as number | undefined), { async: false });
    bench.runSync();
  }
  const result = bench.tasks[0]?.result;
  if (result?.state !== 'completed') throw new Error(`${contender.name} did not complete: ${result?.state}`);
  return result.latency.p50;
}

function byOwnClock(milliseconds: number | undefined): object | undefined {
  return milliseconds === undefined ? undefined : { overriddenDuration: milliseconds };
}

function resultRows(group: Group, { contender, rounds, tails, bytesPerOp }: Rounds): ResultRow[] {
  const row = (unit: string, values: number[]): ResultRow => ({
    group: group.name,
    contender: contender.name,
    unit,
    median: median(values),
    min: Math.min(...values),
    max: Math.max(...values),
    bytesPerOp,
  });
  return group.unit === 'us' ? [row('us p50', rounds), row('us p99', tails)] : [row(group.unit, rounds)];
}

function ratioRows(group: Group, measured: Rounds[]): RatioRow[] {
  const find = (name: string): Rounds | undefined => measured.find(({ contender }) => contender.name === name);
  const rows: RatioRow[] = [];
  for (const { name, contender, against, goal, lowerIsBetter = false } of group.ratios) {
    const above = find(contender);
    const below = find(against);
    if (above === undefined || below === undefined) continue;
    // Round by round, since both met the same state of the machine in one round.
    const value = median(above.rounds.map((each, round) => each / (below.rounds[round] as number)));
    rows.push({ name: `${group.name}: ${name}`, value, goal, lowerIsBetter });
  }
  for (const name of group.allocationFree ?? []) {
    const each = find(name);
    if (each === undefined) continue;
    rows.push({
      name: `${group.name}: bytes per operation, ${name}`,
      value: each.bytesPerOp,
      goal: 0,
      lowerIsBetter: true,
    });
  }
  return rows;
}
