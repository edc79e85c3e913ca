import type { ResultRow } from '../../harness/Measured.ts';
import { axisText } from './axisText.ts';
import type { Figure } from './Figure.ts';
import { type LinePoint, lineChart } from './lineChart.ts';

export interface PercentilesFigureOptions extends Pick<Figure, 'id' | 'title' | 'caption'> {
  readonly groups: readonly string[];
  /** @returns how the line is called; undefined: none */
  readonly series: (row: ResultRow) => string | undefined;
}

const PERCENT = 100;
const MICROS_PER_MS = 1_000;
const TICKS: readonly number[] = [50, 90, 99, 99.9, 99.99];

/** Latencies by percentile, both axes logarithmic: each step to the right is a tenth of the requests that remain. */
export function percentilesFigure({ id, title, caption, groups, series }: PercentilesFigureOptions): Figure {
  return {
    id,
    title,
    caption,
    plot(evidence, canvas) {
      const points = groups
        .flatMap((group) => evidence.rows(group))
        .flatMap((row) => {
          const name = row.percentiles === undefined ? undefined : series(row);
          return name === undefined ? [] : curveOf(name, row);
        });
      if (points.length === 0) return undefined;
      const most = Math.max(...points.map(({ x }) => x));
      const ticks = TICKS.map(placeOf).filter((tick) => tick <= most * 1.01);
      const x = { label: 'percentile', ticks, tickFormat: percentileAt };
      return lineChart({ points, x, y: { label: 'milliseconds', tickFormat: axisText } }, canvas);
    },
  };
}

function curveOf(series: string, { percentiles = {} }: ResultRow): LinePoint[] {
  return Object.entries(percentiles)
    .map(([percentile, micros]) => ({ series, x: placeOf(Number(percentile)), y: micros / MICROS_PER_MS }))
    .filter(({ x, y }) => Number.isFinite(x) && x >= placeOf(TICKS[0] as number) && y > 0)
    .sort((a, b) => a.x - b.x);
}

/** 90 is at 10, 99 at 100. */
function placeOf(percentile: number): number {
  return PERCENT / (PERCENT - percentile);
}

function percentileAt(place: number): string {
  return `${Number((PERCENT - PERCENT / place).toFixed(3))} %`;
}
