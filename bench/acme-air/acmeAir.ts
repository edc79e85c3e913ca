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
const PROCESSES = 'flysocket TCP, JSON';
const THREADS = 'flysocket threads, JSON';
const AGAINST_RIVAL: readonly string[] = [PROCESSES, 'flysocket TCP, msgpackr', THREADS];

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

function airlineRatios(result: AirlineResult): RatioRow[] {
  return [
    ...AGAINST_RIVAL.flatMap((name) => {
      const [throughput, latency] = ratiosOf(result, name, RIVAL);
      return throughput === undefined || latency === undefined ? [] : [throughput, { ...latency, goal: LATENCY_GOAL }];
    }),
    // Between threads there is no system in between.
    ...ratiosOf(result, THREADS, PROCESSES).map((row) => ({ ...row, goal: 1 })),
  ];
}

/** Of throughput and of mean time at the step that the goals are for; nothing if one of the two is out of the race. */
function ratiosOf({ ways }: AirlineResult, name: string, against: string): RatioRow[] {
  const rounds = (wanted: string): readonly StepFigures[] => {
    const found = ways.find(({ way }) => way === wanted);
    return found === undefined ? [] : roundsOf(found, GOAL_USERS);
  };
  const [above, below] = [rounds(name), rounds(against)];
  if (below.length === 0 || above.length !== below.length) return [];
  const pair = (of: (figures: StepFigures) => number): ReturnType<typeof pairedRatio> =>
    pairedRatio(above.map(of), below.map(of));
  const at = `${NAME}: ${name} to ${against}, ${GOAL_USERS} users`;
  return [
    ratio(
      `${at}, requests/s`,
      pair(({ requestsPerSecond }) => requestsPerSecond),
      false,
    ),
    ratio(
      `${at}, mean time`,
      pair(({ meanMs }) => meanMs),
      true,
    ),
  ];
}

function ratio(name: string, { value, interval }: ReturnType<typeof pairedRatio>, lowerIsBetter: boolean): RatioRow {
  return { name, value, lowerIsBetter, ...(interval && { interval }) };
}

function roundsOf({ steps }: WayResult, users: number): readonly StepFigures[] {
  return steps.find((step) => step.users === users)?.rounds ?? [];
}
