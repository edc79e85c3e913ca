import { isMet, type RatioRow, type ResultRow } from '../Measured.ts';
import type { BenchRecord } from '../records/BenchRecord.ts';
import type { Change, Comparison } from '../records/compareRecords.ts';
import type { Machine } from '../records/Machine.ts';
import type { Interval } from '../statistics/bootstrap.ts';
import { spread } from '../statistics/spread.ts';
import { figure, percent, table } from './table.ts';

/** What was measured, a line for each figure. */
export function resultsTable(rows: readonly ResultRow[]): string {
  const cells = rows.map((row) => [
    row.contender,
    figure(row.median),
    (row.samples?.length ?? 0) < 2 ? '' : percent(spread(row.samples ?? [])),
    figure(row.min),
    figure(row.max),
    row.unit,
    figure(row.heapBytesPerOp ?? row.bytesPerOp),
    figure(row.arrayBufferBytesPerOp),
    figure(row.collectionsPerMillion),
  ]);
  return table([['', 'median', 'spread', 'min', 'max', 'unit', 'heap B/op', 'buffer B/op', 'GC/Mop'], ...cells]);
}

/** How contenders compare, and how figures stand to their goals. */
export function ratiosTable(rows: readonly RatioRow[]): string {
  const cells = rows.map((row) => [
    row.name,
    figure(row.value),
    intervalText(row.interval),
    goalText(row),
    isMet(row) ? '' : 'MISSED',
  ]);
  return table([['', 'value', '95 % interval', 'goal', ''], ...cells]);
}

/** The goals that are an error of the run. @param factor by which goals may be missed */
export function missedText(missed: readonly RatioRow[], factor = 1): string {
  const by = factor === 1 ? '' : ` by more than ${factor} times`;
  const lines = missed.map((row) => `  ${row.name}: ${figure(row.value)}, goal ${goalText(row)}`);
  return [`goals missed${by}: ${missed.length}`, ...lines].join('\n');
}

/** What the machine was, in one line. */
export function machineText({ cpu, cores, os, node, v8 }: Machine): string {
  return `${cpu}, ${cores} cores, ${os}; Node ${node}, V8 ${v8}`;
}

/** How quiet the machine was, in one line. */
export function conditionsText({ loadBefore, loadAfter, noise }: BenchRecord): string {
  const loads = `load average ${loadBefore.join(' ')} before, ${loadAfter.join(' ')} after`;
  return `${loads}; noise ${percent(noise.spread)} (a loop of ${noise.loopMs.toFixed(2)} ms, slowest tenth to fastest)`;
}

function goalText({ goal, lowerIsBetter }: RatioRow): string {
  return goal === undefined ? '' : `${lowerIsBetter ? '<=' : '>='} ${figure(goal)}`;
}

/** What has changed from one record to another. */
export function comparisonText({ changes, onlyBefore, onlyAfter, threshold, doubts }: Comparison): string {
  const lines: string[] = doubts.map((doubt) => `not alike: ${doubt}`);
  const groups = [...new Set(changes.map(({ group }) => group))];
  for (const group of groups) {
    const rows = changes.filter((change) => change.group === group).map(changeCells);
    lines.push('', group, table([['', 'before', 'after', 'unit', 'ratio', '95 % interval', '', ''], ...rows]));
  }
  if (onlyBefore.length + onlyAfter.length > 0) lines.push('');
  lines.push(...onlyBefore.map((name) => `only before: ${name}`), ...onlyAfter.map((name) => `only after: ${name}`));
  const count = (verdict: Change['verdict']): number => changes.filter((each) => each.verdict === verdict).length;
  const allocations = changes.filter(({ bytesPerOp }) => bytesPerOp !== undefined).length;
  lines.push(
    '',
    `${count('better')} better, ${count('worse')} worse, ${count('same')} within noise (${percent(threshold)}), ` +
      `${allocations} allocate otherwise`,
  );
  return lines.join('\n');
}

function changeCells({ contender, before, after, unit, ratio, interval, verdict, bytesPerOp }: Change): string[] {
  const bytes = bytesPerOp === undefined ? '' : `B/op ${figure(bytesPerOp[0])} -> ${figure(bytesPerOp[1])}`;
  const cells = [contender, figure(before), figure(after), unit, figure(ratio), intervalText(interval)];
  return [...cells, verdict === 'same' ? '' : verdict.toUpperCase(), bytes];
}

function intervalText(interval: Interval | undefined): string {
  return interval === undefined ? '' : `${figure(interval.low)} .. ${figure(interval.high)}`;
}
