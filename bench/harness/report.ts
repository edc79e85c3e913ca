import { cpus, release } from 'node:os';
import type { RatioRow, ResultRow } from './ProgramGroup.ts';

export interface Report {
  readonly date: string;
  readonly machine: Record<string, string | number>;
  readonly quick: boolean;
  readonly results: ResultRow[];
  readonly ratios: RatioRow[];
  /** Why something that was asked for is not here. */
  readonly skipped: string[];
}

export function machine(): Record<string, string | number> {
  const cores = cpus();
  return {
    node: process.versions.node,
    v8: process.versions.v8,
    os: `${process.platform} ${release()}`,
    arch: process.arch,
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
  };
}

export function isMet({ value, goal, lowerIsBetter }: RatioRow): boolean {
  return lowerIsBetter ? value <= goal : value >= goal;
}

export function resultsTable(rows: readonly ResultRow[]): string {
  const cells = rows.map(({ contender, unit, median, min, max, bytesPerOp }) => [
    contender,
    figure(median),
    figure(min),
    figure(max),
    unit,
    figure(bytesPerOp),
  ]);
  return table([['', 'median', 'min', 'max', 'unit', 'B/op'], ...cells]);
}

export function ratiosTable(rows: readonly RatioRow[]): string {
  const cells = rows.map((row) => [
    row.name,
    figure(row.value),
    `${row.lowerIsBetter ? '<=' : '>='} ${figure(row.goal)}`,
    isMet(row) ? '' : 'MISSED',
  ]);
  return table([['', 'value', 'goal', ''], ...cells]);
}

/** Three significant digits, with k and M above ten thousand. */
function figure(value: number): string {
  if (value >= 1e7) return `${(value / 1e6).toPrecision(3)}M`;
  if (value >= 1e6) return `${(value / 1e6).toFixed(2)}M`;
  if (value >= 1e4) return `${(value / 1e3).toPrecision(3)}k`;
  if (value >= 100 || Number.isInteger(value)) return value.toFixed(0);
  return value.toPrecision(3);
}

/** The first column to the left, the others to the right. */
function table(rows: readonly string[][]): string {
  const widths = (rows[0] as string[]).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] as number) : cell.padStart(widths[column] as number),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
