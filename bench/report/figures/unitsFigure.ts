import type { Figure } from './Figure.ts';
import { type LineAxis, type LinePoint, lineChart } from './lineChart.ts';

export interface UnitsFigureOptions extends Pick<Figure, 'id' | 'title' | 'caption'> {
  readonly group: string;
  /** The end of rows' names: `64 links`. */
  readonly noun: string;
  /** Units of rows, each of which is a line, and how it is called. */
  readonly series: Readonly<Record<string, string>>;
  readonly x: LineAxis;
  readonly y: LineAxis;
}

/** Several things that are told of the same contenders, over how much there is of something. */
export function unitsFigure({ id, title, caption, group, noun, series, x, y }: UnitsFigureOptions): Figure {
  return {
    id,
    title,
    caption,
    plot(evidence, canvas) {
      const points = evidence.rows(group).flatMap(({ contender, unit, median }): LinePoint[] => {
        const name = series[unit];
        const at = contender.endsWith(` ${noun}`) ? Number(contender.slice(0, -noun.length)) : Number.NaN;
        return name === undefined || !Number.isFinite(at) || median <= 0 ? [] : [{ series: name, x: at, y: median }];
      });
      return points.length === 0 ? undefined : lineChart({ points, x, y }, canvas);
    },
  };
}
