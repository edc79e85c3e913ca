import { setTimeout as pause } from 'node:timers/promises';
import { LatencyHistogram } from '../harness/load/LatencyHistogram.ts';
import type { Failure, Measured, RatioRow, ResultRow } from '../harness/Measured.ts';
import { ChildProgram } from '../harness/processes/ChildProgram.ts';
import type { OpenConsumers } from './feed/consumers.ts';
import { Taken } from './feed/Taken.ts';

export interface FeedContender {
  /** Unique in its group. */
  readonly name: string;
  /** One of `feeds`. */
  readonly feed: string;
  readonly consume: OpenConsumers;
  /** Why it can't be measured here. */
  readonly skipped?: string | undefined;
}

export interface SlowConsumerPlan {
  readonly group: string;
  readonly contenders: readonly FeedContender[];
  /** How many, of whom none is slow at first, and then one. */
  readonly consumers: number;
  /** How long the feed runs before it is watched, and how long it is watched, each time. */
  readonly warmUpMs: number;
  readonly feedMs: number;
  /** Names of contenders: what the first one's server grows by is divided by what the other one's does. */
  readonly compared: { readonly credits: string; readonly pushed: string };
}

/** What came of one feed. */
interface FeedResult {
  readonly contender: string;
  /** Of all fast consumers together. */
  readonly ages: LatencyHistogram;
  /** How many items each fast consumer got in a second, and what he missed, in per cent. */
  readonly perSecond: number;
  readonly missedPercent: number;
  readonly slow: Taken | undefined;
  /** How long it was watched. */
  readonly seconds: number;
  readonly megabytes: number;
}

const MEGABYTE = 1e6;
const PERCENT = 100;
/** The share of the feed that the fast consumers are to get all the same. */
const UNDISTURBED = 0.95;
/** What credits leave of the memory that is kept for the slow one otherwise. */
const BOUNDED = 0.5;
/** What two processes that do the same differ by: nothing is said to grow by less. */
const VISIBLE_MEGABYTES = 1;
/** What grows by less has not had the time to grow, and is no measure of anything. */
const NOTICEABLE_MEGABYTES = 4;

const program = new URL('./feed/feedProgram.js', import.meta.url);

/** Watches each feed twice: when all its consumers are fast, and when one is slow. */
export async function measureSlowConsumer(plan: SlowConsumerPlan): Promise<Measured> {
  const failures: Failure[] = [];
  const results: ResultRow[] = [];
  const ratios: RatioRow[] = [];
  const growth = new Map<string, number>();
  for (const contender of plan.contenders.filter(({ skipped }) => skipped === undefined)) {
    try {
      const fast = await watch(plan, contender, false);
      const slow = await watch(plan, contender, true);
      results.push(...rowsOf(plan, fast), ...rowsOf(plan, slow));
      growth.set(contender.name, Math.max(VISIBLE_MEGABYTES, slow.megabytes - fast.megabytes));
      ratios.push(
        {
          name: `${plan.group}: share of the feed that the fast got, ${contender.name}`,
          unit: 'share',
          value: 1 - slow.missedPercent / PERCENT,
          ...(contender.name === plan.compared.credits ? { goal: UNDISTURBED } : {}),
          lowerIsBetter: false,
        },
        {
          name: `${plan.group}: p99 of the fast, one slow / none, ${contender.name}`,
          value: slow.ages.percentile(0.99) / fast.ages.percentile(0.99),
          lowerIsBetter: true,
        },
      );
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      failures.push({ group: plan.group, contender: contender.name, message });
    }
  }
  const above = growth.get(plan.compared.credits);
  const below = growth.get(plan.compared.pushed);
  if (above !== undefined && below !== undefined && below >= NOTICEABLE_MEGABYTES) {
    const name = `${plan.group}: what the server grows by for the slow one, credits / pushed`;
    ratios.push({ name, value: above / below, goal: BOUNDED, lowerIsBetter: true });
  }
  const skipped = plan.contenders.flatMap(({ name, skipped: why }) => (why === undefined ? [] : `${name}: ${why}`));
  return { results, ratios, skipped, failures };
}

async function watch(plan: SlowConsumerPlan, contender: FeedContender, hasSlow: boolean): Promise<FeedResult> {
  const feed = await ChildProgram.start(program, { args: [contender.feed] });
  try {
    const consumers = await contender.consume(feed.greeting as number);
    const all = Array.from({ length: plan.consumers }, () => new Taken());
    for (const [index, taken] of all.entries()) await consumers.add(taken, hasSlow && index === 0);
    await pause(plan.warmUpMs);
    for (const taken of all) taken.clear();
    await feed.ask(undefined);
    const start = performance.now();
    await pause(plan.feedMs);
    const seconds = (performance.now() - start) / 1000;
    const megabytes = ((await feed.ask(undefined)) as number) / MEGABYTE;
    for (const taken of all) taken.end();
    await consumers.close();
    for (const taken of all) taken.verify();
    const fast = hasSlow ? all.slice(1) : all;
    const ages = new LatencyHistogram();
    for (const taken of fast) ages.add(taken.ages);
    const mean = (figure: (taken: Taken) => number): number =>
      fast.reduce((sum, taken) => sum + figure(taken), 0) / fast.length;
    return {
      contender: `${contender.name}, ${hasSlow ? 'one slow' : 'none slow'}`,
      ages,
      perSecond: mean(({ count }) => count) / seconds,
      missedPercent: mean(({ missedPercent }) => missedPercent),
      slow: hasSlow ? all[0] : undefined,
      seconds,
      megabytes,
    };
  } finally {
    await feed.stop();
  }
}

function rowsOf({ group }: SlowConsumerPlan, result: FeedResult): ResultRow[] {
  const { ages, slow, seconds } = result;
  const row = (contender: string, unit: string, value: number): ResultRow => {
    return { group, contender, unit, median: value, min: value, max: value, samples: [value] };
  };
  const fast = (unit: string, value: number): ResultRow => row(`${result.contender}: the fast`, unit, value);
  const slowRow = (unit: string, value: number): ResultRow => row(`${result.contender}: the slow one`, unit, value);
  return [
    { ...fast('us p50', ages.percentile(0.5)), percentiles: ages.percentiles() },
    fast('us p99', ages.percentile(0.99)),
    fast('us p99.9', ages.percentile(0.999)),
    fast('items/s', result.perSecond),
    fast('% missed', result.missedPercent),
    ...(slow === undefined
      ? []
      : [
          slowRow('us p50', slow.ages.percentile(0.5)),
          slowRow('us p99', slow.ages.percentile(0.99)),
          slowRow('items/s', slow.count / seconds),
          slowRow('% missed', slow.missedPercent),
        ]),
    row(`${result.contender}: the server`, 'MB RSS', result.megabytes),
  ];
}
