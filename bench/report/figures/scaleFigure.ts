import type { Figure } from './Figure.ts';
import { type LineAxis, type LinePoint, lineChart } from './lineChart.ts';

export interface ScaleFigureOptions extends Pick<Figure, 'id' | 'title' | 'caption'> {
  /** The lines and the group of each. */
  readonly series: readonly { readonly name: string; readonly group: string }[];
  /** What there is so much of: the end of rows' names. */
  readonly noun: string;
  readonly x: LineAxis;
  readonly y: LineAxis;
}

/** Of the names of rows: `64 links`, `ideal, 64 links`. */
const IDEAL = 'ideal, ';

/** What one of something costs as there are more of it, against the ideal. */
export function scaleFigure({ id, title, caption, series, noun, x, y }: ScaleFigureOptions): Figure {
  return {
    id,
    title,
    caption,
    plot(evidence, canvas) {
      const ideals: string[] = [];
      const points = series.flatMap(({ name, group }) => {
        const ideal = series.length === 1 ? 'ideal' : `${name}, ideal`;
        ideals.push(ideal);
        return evidence.rows(group).flatMap(({ group: its, contender, unit, median, min, max }): LinePoint[] => {
          const isIdeal = contender.startsWith(IDEAL);
          const label = isIdeal ? contender.slice(IDEAL.length) : contender;
          if (its !== group || !unit.startsWith('ns per ') || !label.endsWith(` ${noun}`)) return [];
          const at = Number(label.slice(0, -noun.length));
          if (!Number.isFinite(at)) return [];
          return [{ series: isIdeal ? ideal : name, x: at, y: median, low: min, high: max }];
        });
      });
      if (points.length === 0) return undefined;
      const sorted = points.sort((a, b) => a.x - b.x);
      return lineChart({ points: sorted, x, y, ideals }, canvas);
    },
  };
}
