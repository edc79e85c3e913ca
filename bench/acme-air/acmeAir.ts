import { median, type ProgramGroup, pairedRatio, type RatioRow, type ResultRow } from '../harness/index.ts';
import { type AirlineResult, FULL_PACE, measureAirline, QUICK_PACE, type WayResult } from './measureAirline.ts';
import type { StepFigures } from './users/runStep.ts';

const NAME = 'acme-air';
const TIMEOUT_MS = 400_000;
const COST = 8;
const MICROS_PER_MS = 1_000;

/** The step that the goals are for. */
const GOAL_USERS = 60;
const RIVAL = 'HTTP/JSON';
/**
 * Who takes no time to think has four times the answers if each comes in a quarter of the time. So the goals are one,
 * told twice: either is enough, and a third of the time is the lesser one.
 */
const LATENCY_GOAL: number = 1 / 3;
const AGAINST_RIVAL: readonly string[] = ['flysocket TCP, JSON', 'flysocket TCP, msgpackr', 'flysocket threads, JSON'];

const UNITS: readonly (readonly [unit: string, of: (figures: StepFigures) => number])[] = [
  ['requests/s', ({ requestsPerSecond }) => requestsPerSecond],
  ['us mean', ({ meanMs }) => meanMs * MICROS_PER_MS],
  ['us p50', ({ p50Ms }) => p50Ms * MICROS_PER_MS],
  ['us p99', ({ p99Ms }) => p99Ms * MICROS_PER_MS],
  ['CPU us/request', ({ cpuMicrosPerRequest }) => cpuMicrosPerRequest],
];

/** The airline under a ramp of users, and how it stands to HTTP. */
export const acmeAirGroup: ProgramGroup = {
  name: NAME,
  timeoutMs: TIMEOUT_MS,
  cost: COST,
  async measure(isQuick) {
    const result = await measureAirline({ pace: isQuick ? QUICK_PACE : FULL_PACE });
    const failures = result.ways.flatMap(({ way, failures: messages }) =>
      messages.map((message) => ({ group: NAME, contender: way, message })),
    );
    return { results: airlineRows(result), ratios: airlineRatios(result), skipped: result.skipped, failures };
  },
};

/** Step by step, figure by figure, way by way. */
export function airlineRows({ ways, pace }: AirlineResult): ResultRow[] {
  return pace.ramp.flatMap((users) =>
    UNITS.flatMap(([unit, of]) =>
      ways.flatMap((way) => {
        const samples = roundsOf(way, users).map(of);
        if (samples.length === 0) return [];
        const range = { median: median(samples), min: Math.min(...samples), max: Math.max(...samples) };
        return [{ group: NAME, contender: `${way.way}, ${users} users`, unit, ...range, samples }];
      }),
    ),
  );
}

function airlineRatios({ ways }: AirlineResult): RatioRow[] {
  const find = (name: string): WayResult | undefined => ways.find(({ way }) => way === name);
  const rival = find(RIVAL);
  return AGAINST_RIVAL.flatMap((name) => {
    const ours = find(name);
    const below = rival === undefined ? [] : roundsOf(rival, GOAL_USERS);
    const above = ours === undefined ? [] : roundsOf(ours, GOAL_USERS);
    if (below.length === 0 || above.length !== below.length) return [];
    const pair = (of: (figures: StepFigures) => number): ReturnType<typeof pairedRatio> =>
      pairedRatio(above.map(of), below.map(of));
    const at = `${NAME}: ${name} to ${RIVAL}, ${GOAL_USERS} users`;
    const throughput = pair(({ requestsPerSecond }) => requestsPerSecond);
    const latency = pair(({ meanMs }) => meanMs);
    return [
      ratio(`${at}, requests/s`, throughput, false),
      { ...ratio(`${at}, mean time`, latency, true), goal: LATENCY_GOAL },
    ];
  });
}

function ratio(name: string, { value, interval }: ReturnType<typeof pairedRatio>, lowerIsBetter: boolean): RatioRow {
  return { name, value, lowerIsBetter, ...(interval && { interval }) };
}

function roundsOf({ steps }: WayResult, users: number): readonly StepFigures[] {
  return steps.find((step) => step.users === users)?.rounds ?? [];
}
