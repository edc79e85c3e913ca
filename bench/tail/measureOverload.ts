import { closedLoop } from '../harness/load/closedLoop.ts';
import { LatencyHistogram } from '../harness/load/LatencyHistogram.ts';
import type { LoadRequest, LoadResult } from '../harness/load/LoadResult.ts';
import { openLoop } from '../harness/load/openLoop.ts';
import type { Failure, Measured, RatioRow, ResultRow } from '../harness/Measured.ts';
import { pairedRatio } from '../harness/statistics/bootstrap.ts';
import { median } from '../harness/statistics/median.ts';

/** What is put under load, as far as this needs to know. */
export interface LoadedService {
  readonly request: LoadRequest;
  verify(requests: number): Promise<void>;
  peakRssBytes(): Promise<number>;
  close(): Promise<void>;
}

export interface OverloadContender {
  /** Unique in its group. */
  readonly name: string;
  /** Whose capacity its loads are multiples of: the name of a contender, itself or another one. */
  readonly capacityOf: string;
  /** Why it can't be measured here. */
  readonly skipped?: string | undefined;
  /** @param capacity requests a second; of no meaning where it is to be found out */
  start(capacity: number): Promise<LoadedService>;
}

/** Two contenders whose 99th percentiles are divided. */
export interface TailRatio {
  readonly contender: string;
  readonly against: string;
  /** What the ratio is to be where the load is above the capacity, if anything. */
  readonly goal?: number;
}

export interface OverloadPlan {
  readonly group: string;
  readonly contenders: readonly OverloadContender[];
  /** Multiples of the capacity. */
  readonly loads: readonly number[];
  readonly rounds: number;
  readonly loadMs: number;
  /** How long a service is asked for all it can do, and how often at the most, until that no longer grows. */
  readonly capacityMs: number;
  readonly capacityTries: number;
  /** What each service is asked before it counts: its code has to be compiled by then. */
  readonly warmUpRequests: number;
  readonly ratios: readonly TailRatio[];
}

const VERIFIED_REQUESTS = 20;
/** In flight when the capacity is found: enough for the service never to wait. */
const CONCURRENCY = 32;
/** A service that does more by less than this share than it ever did has got as fast as it gets. */
const GROWTH = 0.05;
const WARM_UP_LOAD = 0.9;
const DRAIN_MS = 8_000;
/** All requests may be under way: nobody but the service says no. */
const MOST_IN_FLIGHT = 1_000_000;
const MEGABYTE = 1e6;
const MS_PER_SECOND = 1_000;
const PERCENT = 100;

interface Round {
  readonly result: LoadResult;
  readonly peakRssBytes: number;
}

interface Runner {
  readonly contender: OverloadContender;
  readonly service: LoadedService;
  readonly capacity: number;
  /** By load. */
  readonly rounds: Map<number, Round[]>;
}

/**
 * Finds out what each service can do, and puts it under loads that are multiples of that, in turns: requests come
 * evenly, whether they are answered or not, and the time of each runs from when it was to be sent.
 */
export async function measureOverload(plan: OverloadPlan): Promise<Measured> {
  const failures: Failure[] = [];
  let runners: Runner[] = [];
  const note = ({ name }: OverloadContender, error: unknown): void => {
    const message = error instanceof Error ? error.message : String(error);
    failures.push({ group: plan.group, contender: name, message });
  };
  const present = plan.contenders.filter(({ skipped }) => skipped === undefined);
  const capacities = await findCapacities(present, plan, note);
  try {
    const started = await Promise.all(
      present.map(async (contender): Promise<Runner[]> => {
        const capacity = capacities.get(contender.capacityOf);
        try {
          if (capacity === undefined) throw new Error(`the capacity of ${contender.capacityOf} is not known`);
          return [{ contender, service: await contender.start(capacity), capacity, rounds: new Map() }];
        } catch (error) {
          if (!failures.some((failure) => failure.contender === contender.name)) note(contender, error);
          return [];
        }
      }),
    );
    runners = started.flat();
    const attempt = async (step: (runner: Runner) => Promise<unknown>): Promise<void> => {
      for (const runner of [...runners]) {
        try {
          await step(runner);
        } catch (error) {
          note(runner.contender, error);
          runners = runners.filter((other) => other !== runner);
          await runner.service.close();
        }
      }
    };
    await attempt(({ service }) => service.verify(VERIFIED_REQUESTS));
    await attempt((runner) => load(runner, WARM_UP_LOAD, warmUpMs(runner, plan)));
    for (const multiple of plan.loads) {
      for (let round = 0; round < plan.rounds; round++) {
        await attempt(async (runner) => {
          const done = runner.rounds.get(multiple) ?? [];
          runner.rounds.set(multiple, done);
          done.push(await load(runner, multiple, plan.loadMs));
        });
      }
    }
    await attempt(({ service }) => service.verify(VERIFIED_REQUESTS));
  } finally {
    await Promise.all(runners.map(({ service }) => service.close()));
  }
  return {
    results: [...capacityRows(plan, capacities), ...runners.flatMap((runner) => rowsOf(plan, runner))],
    ratios: ratiosOf(plan, runners),
    skipped: plan.contenders.flatMap(({ name, skipped }) => (skipped === undefined ? [] : `${name}: ${skipped}`)),
    failures,
  };
}

async function findCapacities(
  contenders: readonly OverloadContender[],
  plan: OverloadPlan,
  note: (contender: OverloadContender, error: unknown) => void,
): Promise<Map<string, number>> {
  const capacities = new Map<string, number>();
  for (const contender of contenders.filter(({ name, capacityOf }) => name === capacityOf)) {
    try {
      const service = await contender.start(Number.NaN);
      try {
        await service.verify(VERIFIED_REQUESTS);
        capacities.set(contender.name, await capacityOf(service, plan));
      } finally {
        await service.close();
      }
    } catch (error) {
      note(contender, error);
    }
  }
  return capacities;
}

/** @returns the most requests a second, when it has not grown any more twice */
async function capacityOf({ request }: LoadedService, { capacityMs, capacityTries }: OverloadPlan): Promise<number> {
  let most = 0;
  for (let tries = 0, inVain = 0; tries < capacityTries && inVain < 2; tries++) {
    const { answered, milliseconds } = await closedLoop(request, { concurrency: CONCURRENCY, durationMs: capacityMs });
    const rate = (answered / milliseconds) * MS_PER_SECOND;
    inVain = rate > most * (1 + GROWTH) ? 0 : inVain + 1;
    most = Math.max(most, rate);
  }
  return most;
}

function warmUpMs({ capacity }: Runner, { capacityMs, warmUpRequests }: OverloadPlan): number {
  return Math.max(capacityMs, (warmUpRequests / (capacity * WARM_UP_LOAD)) * MS_PER_SECOND);
}

async function load({ service, capacity }: Runner, multiple: number, durationMs: number): Promise<Round> {
  // Who is answered has stood in line behind all that was left of the load before.
  await service.verify(1);
  await service.peakRssBytes();
  const options = { rate: capacity * multiple, durationMs, drainMs: DRAIN_MS, maxInFlight: MOST_IN_FLIGHT };
  const result = await openLoop(service.request, options);
  return { result, peakRssBytes: await service.peakRssBytes() };
}

/** `3` is `at 300 %`. */
function nameOf(multiple: number): string {
  return `at ${Math.round(multiple * PERCENT)} %`;
}

function capacityRows({ group }: OverloadPlan, capacities: ReadonlyMap<string, number>): ResultRow[] {
  return [...capacities].map(([name, value]) => {
    const samples = { median: value, min: value, max: value, samples: [value] };
    return { group, contender: `${name}, capacity`, unit: 'requests/s', ...samples };
  });
}

function rowsOf({ group, loads, loadMs }: OverloadPlan, { contender, rounds }: Runner): ResultRow[] {
  return loads.flatMap((multiple) => {
    const done = rounds.get(multiple) ?? [];
    const name = `${contender.name}, ${nameOf(multiple)}`;
    const row = (unit: string, figure: (round: Round) => number): ResultRow => {
      const samples = done.map(figure);
      const [min, max] = [Math.min(...samples), Math.max(...samples)];
      return { group, contender: name, unit, median: median(samples), min, max, samples };
    };
    const all = new LatencyHistogram();
    for (const { result } of done) all.add(result.latency);
    return [
      { ...row('us p50', percentile(0.5)), percentiles: all.percentiles() },
      row('us p99', percentile(0.99)),
      row('us p99.9', percentile(0.999)),
      row('accepted/s', ({ result }) => (result.answered / Math.max(loadMs, result.milliseconds)) * MS_PER_SECOND),
      ...unlessNone(row('% refused', ({ result }) => shareOf(result, result.refused))),
      ...unlessNone(row('% unanswered', ({ result }) => shareOf(result, result.unanswered))),
      row('MB RSS, server', ({ peakRssBytes }) => peakRssBytes / MEGABYTE),
    ];
  });
}

/** Of those that were not refused: whoever never got an answer counts with the time he waited. */
function percentile(fraction: number): (round: Round) => number {
  return ({ result }) => result.latency.percentile(fraction);
}

function unlessNone(row: ResultRow): ResultRow[] {
  return row.max === 0 ? [] : [row];
}

function shareOf({ answered, refused, unanswered }: LoadResult, count: number): number {
  return (count / (answered + refused + unanswered)) * PERCENT;
}

function ratiosOf({ group, loads, ratios }: OverloadPlan, runners: readonly Runner[]): RatioRow[] {
  const figures = (name: string, multiple: number): number[] | undefined =>
    runners
      .find(({ contender }) => contender.name === name)
      ?.rounds.get(multiple)
      ?.map(percentile(0.99));
  return ratios.flatMap(({ contender, against, goal }) =>
    loads.flatMap((multiple) => {
      const above = figures(contender, multiple);
      const below = figures(against, multiple);
      if (above === undefined || below === undefined) return [];
      const { value, interval } = pairedRatio(above, below);
      return {
        name: `${group}: p99, ${contender} / ${against}, ${nameOf(multiple)}`,
        value,
        lowerIsBetter: true,
        ...(goal === undefined || multiple <= 1 ? {} : { goal }),
        ...(interval === undefined ? {} : { interval }),
      };
    }),
  );
}
