import type { Evidence } from '../Evidence.ts';
import type { Figure } from './Figure.ts';
import { type LineAxis, type LinePoint, lineChart } from './lineChart.ts';

export interface RampFigureOptions extends Pick<Figure, 'id' | 'title' | 'caption'> {
  readonly group: string;
  readonly unit: string;
  /** How rows are named: the series' name and the number on the x axis, in groups of these names. */
  readonly pattern: RegExp;
  readonly x: Pick<LineAxis, 'label' | 'tickFormat'>;
  readonly y: LineAxis;
  /** By what figures are divided: 1,000 for milliseconds of microseconds. Default 1. */
  readonly divisor?: number;
  /** Default: all. */
  readonly filter?: (series: string) => boolean;
}

/** How a figure changes as something grows, contender by contender. */
export function rampFigure(options: RampFigureOptions): Figure {
  const { id, title, caption, x, y } = options;
  return {
    id,
    title,
    caption,
    plot(evidence, canvas) {
      const points = pointsOf(evidence, options);
      if (points.length === 0) return undefined;
      const ticks = [...new Set(points.map((point) => point.x))];
      return lineChart({ points, x: { ...x, ticks }, y }, canvas);
    },
  };
}

function pointsOf(evidence: Evidence, options: RampFigureOptions): LinePoint[] {
  const { group, unit, pattern, divisor = 1, filter = () => true } = options;
  return evidence.rows(group).flatMap((row) => {
    const { series, at } = pattern.exec(row.contender)?.groups ?? {};
    if (row.unit !== unit || series === undefined || !filter(series)) return [];
    const { median, min, max } = row;
    return [{ series, x: Number(at), y: median / divisor, low: min / divisor, high: max / divisor }];
  });
}
