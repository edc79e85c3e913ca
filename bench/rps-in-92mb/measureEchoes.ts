import type { Failure, Measured, RatioRow, ResultRow } from '../harness/Measured.ts';
import { pairedRatio } from '../harness/statistics/bootstrap.ts';
import { median } from '../harness/statistics/median.ts';
import type { EchoContender, EchoPair, EchoRound } from './EchoPair.ts';

/** One number of requests in flight, and how long it is measured. */
export interface EchoLoad {
  readonly inFlight: number;
  readonly rounds: number;
  readonly roundMs: number;
}

export interface EchoPlan {
  readonly group: string;
  readonly contenders: readonly EchoContender[];
  /** The last one is what the goals are about. */
  readonly loads: readonly EchoLoad[];
  /** Names of contenders whose throughput is divided by that of each rival. */
  readonly compared: readonly string[];
  readonly warmUpMs: number;
  readonly verifiedRequests: number;
}

const MEGABYTE = 1e6;

interface Runner {
  readonly contender: EchoContender;
  readonly pair: EchoPair;
  /** By number in flight. */
  readonly rounds: Map<number, EchoRound[]>;
}

/**
 * Lets pairs of processes ask and answer, in turns, and looks at what each process takes up after each round. No
 * garbage is collected for that, and the greatest figure of all rounds is told. A pair that throws is noted and leaves.
 */
export async function measureEchoes(plan: EchoPlan): Promise<Measured> {
  const failures: Failure[] = [];
  let runners: Runner[] = [];
  const attempt = async (runner: Runner, step: () => Promise<void>): Promise<void> => {
    try {
      await step();
    } catch (error) {
      failures.push(failureOf(plan.group, runner.contender, error));
      runners = runners.filter((other) => other !== runner);
      await runner.pair.close();
    }
  };
  try {
    const present = plan.contenders.filter(({ skipped }) => skipped === undefined);
    const opened = await Promise.allSettled(present.map((contender) => contender.open()));
    for (const [at, contender] of present.entries()) {
      const each = opened[at] as PromiseSettledResult<EchoPair>;
      if (each.status === 'fulfilled') runners.push({ contender, pair: each.value, rounds: new Map() });
      else failures.push(failureOf(plan.group, contender, each.reason));
    }
    for (const runner of [...runners]) await attempt(runner, () => runner.pair.verify(plan.verifiedRequests));
    for (const load of plan.loads) {
      for (const runner of [...runners]) await attempt(runner, () => warmUp(runner, load, plan));
      for (let round = 0; round < load.rounds; round++) {
        for (const runner of turn(runners, round)) await attempt(runner, () => runRound(runner, load));
      }
    }
    for (const runner of [...runners]) await attempt(runner, () => runner.pair.verify(plan.verifiedRequests));
    return {
      results: runners.flatMap((runner) => rowsOf(plan, runner)),
      ratios: [...runners.flatMap((runner) => goalsOf(plan, runner)), ...comparisonsOf(plan, runners)],
      skipped: plan.contenders.flatMap(({ name, skipped }) => (skipped === undefined ? [] : `${name}: ${skipped}`)),
      failures,
    };
  } finally {
    await Promise.all(runners.map(({ pair }) => pair.close()));
  }
}

function failureOf(group: string, { name }: EchoContender, error: unknown): Failure {
  return { group, contender: name, message: error instanceof Error ? error.message : String(error) };
}

async function warmUp({ pair }: Runner, { inFlight }: EchoLoad, { warmUpMs }: EchoPlan): Promise<void> {
  await pair.round(inFlight, warmUpMs);
}

async function runRound({ pair, rounds }: Runner, { inFlight, roundMs }: EchoLoad): Promise<void> {
  const done = rounds.get(inFlight) ?? [];
  rounds.set(inFlight, done);
  done.push(await pair.round(inFlight, roundMs));
}

/** Each round begins with another one. */
function turn(runners: readonly Runner[], round: number): Runner[] {
  const first = round % Math.max(1, runners.length);
  return [...runners.slice(first), ...runners.slice(0, first)];
}

function throughputs({ rounds }: Runner, inFlight: number): number[] {
  return (rounds.get(inFlight) ?? []).map(({ perSecond }) => perSecond);
}

/** Megabytes after each round, by process. */
function memories({ rounds }: Runner): Map<string, number[]> {
  const memories = new Map<string, number[]>();
  for (const { rssBytes } of [...rounds.values()].flat()) {
    for (const [process, bytes] of Object.entries(rssBytes)) {
      memories.set(process, [...(memories.get(process) ?? []), bytes / MEGABYTE]);
    }
  }
  return memories;
}

function rowsOf({ group, loads }: EchoPlan, runner: Runner): ResultRow[] {
  const { name } = runner.contender;
  const row = (contender: string, unit: string, samples: readonly number[], value: number): ResultRow => ({
    group,
    contender,
    unit,
    median: value,
    min: Math.min(...samples),
    max: Math.max(...samples),
    samples,
  });
  return [
    ...loads.map(({ inFlight }) => {
      const samples = throughputs(runner, inFlight);
      return row(`${name}, ${inFlight} in flight`, 'requests/s', samples, median(samples));
    }),
    ...[...memories(runner)].map(([process, samples]) =>
      row(`${name}, ${process}`, 'MB RSS at most', samples, Math.max(...samples)),
    ),
  ];
}

function goalsOf({ group, loads }: EchoPlan, runner: Runner): RatioRow[] {
  const { name, goalPerSecond, goalMegabytes } = runner.contender;
  const inFlight = loads.at(-1)?.inFlight ?? 0;
  const rows: RatioRow[] = [];
  if (goalPerSecond !== undefined) {
    const value = median(throughputs(runner, inFlight));
    rows.push({
      name: `${group}: ${name}, requests/s at ${inFlight} in flight`,
      unit: 'requests/s',
      value,
      goal: goalPerSecond,
      lowerIsBetter: false,
    });
  }
  if (goalMegabytes !== undefined) {
    for (const [process, samples] of memories(runner)) {
      const value = Math.max(...samples);
      const row = { name: `${group}: ${name}, MB RSS, ${process}`, unit: 'MB', value, goal: goalMegabytes };
      rows.push({ ...row, lowerIsBetter: true });
    }
  }
  return rows;
}

function comparisonsOf({ group, loads, compared }: EchoPlan, runners: readonly Runner[]): RatioRow[] {
  const ours = runners.filter(({ contender }) => compared.includes(contender.name));
  const rivals = runners.filter(({ contender }) => contender.isRival);
  return loads.flatMap(({ inFlight }) =>
    ours.flatMap((above) =>
      rivals.map((below) => {
        const { value, interval } = pairedRatio(throughputs(above, inFlight), throughputs(below, inFlight));
        const name = `${group}: ${above.contender.name} / ${below.contender.name}, ${inFlight} in flight`;
        return { name, value, lowerIsBetter: false, ...(interval === undefined ? {} : { interval }) };
      }),
    ),
  );
}
