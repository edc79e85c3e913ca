import type { LoadPlan } from './LoadPlan.ts';
import type { LoadResult } from './LoadResult.ts';
import type { Style } from './Style.ts';

/** The percentiles that are told, by the name that they have in JSON. */
const PERCENTILES: readonly (readonly [name: string, percent: number])[] = [
  ['p50', 50],
  ['p90', 90],
  ['p99', 99],
  ['p99.9', 99.9],
];
const NAME_WIDTH = 12;
const US_PER_MS = 1_000;
const US_PER_SECOND = 1_000_000;

/** The summary as an object, for JSON. Latencies are in microseconds. */
export function loadReport(result: LoadResult, plan: LoadPlan): Record<string, unknown> {
  const latencies = PERCENTILES.map(([name, percent]) => [name, rounded(result.percentileUs(percent))] as const);
  return {
    requests: result.completed,
    failed: result.failed,
    errors: Object.fromEntries(result.errors),
    seconds: rounded(result.seconds),
    requestsPerSecond: rounded(result.requestsPerSecond),
    ...(plan.streamItems === undefined ? {} : { itemsPerSecond: rounded(itemsPerSecond(result)) }),
    latencyUs: { mean: rounded(result.meanUs), ...Object.fromEntries(latencies), max: rounded(result.maxUs) },
    concurrency: plan.concurrency,
    rate: plan.rate ?? null,
    size: plan.size,
  };
}

/** The summary as lines, for people. */
export function loadReportText(result: LoadResult, plan: LoadPlan, style: Style): string {
  const row = (name: string, value: string): string => `  ${style.dim(name.padEnd(NAME_WIDTH))}${value}`;
  const rows = [
    row('requests', `${grouped(result.completed)} in ${result.seconds.toFixed(2)} s`),
    row('throughput', style.bold(`${grouped(result.requestsPerSecond)} requests/s`)),
    ...(plan.streamItems === undefined ? [] : [row('items', `${grouped(itemsPerSecond(result))} items/s`)]),
    ...PERCENTILES.map(([name, percent]) => row(name, duration(result.percentileUs(percent)))),
    row('max', duration(result.maxUs)),
    row('errors', result.failed === 0 ? '0' : style.red(grouped(result.failed))),
    ...[...result.errors].map(([code, count]) => row('', `${grouped(count)} ${code}`)),
  ];
  return `${rows.join('\n')}\n`;
}

/** One line about what is going on. */
export function loadProgress(result: LoadResult, seconds: number, inFlight: number): string {
  const parts = [
    `${seconds.toFixed(1)} s`,
    `${grouped(result.completed)} requests`,
    `p50 ${duration(result.percentileUs(50))}`,
    `p99 ${duration(result.percentileUs(99))}`,
    `max ${duration(result.maxUs)}`,
    `${grouped(inFlight)} in flight`,
    `${grouped(result.failed)} errors`,
  ];
  return parts.join('   ');
}

function itemsPerSecond({ items, seconds }: LoadResult): number {
  return seconds === 0 ? 0 : items / seconds;
}

function rounded(number: number): number {
  return Math.round(number * 1_000) / 1_000;
}

function grouped(number: number): string {
  return Math.round(number).toLocaleString('en');
}

function duration(us: number): string {
  if (us < US_PER_MS) return `${us.toFixed(us < 100 ? 1 : 0)} us`;
  return us < US_PER_SECOND ? `${(us / US_PER_MS).toFixed(2)} ms` : `${(us / US_PER_SECOND).toFixed(2)} s`;
}
