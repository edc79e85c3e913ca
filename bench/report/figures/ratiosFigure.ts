import type { RatioRow } from '../../harness/Measured.ts';
import { isMet } from '../../harness/Measured.ts';
import { figure } from '../../harness/program/table.ts';
import { ratioText } from './axisText.ts';
import { type DotGroup, type DotRow, dotRows } from './dotRows.ts';
import type { Figure } from './Figure.ts';

export interface RatiosFigureOptions extends Pick<Figure, 'id' | 'title' | 'caption'> {
  /** Names of groups, or how they begin. */
  readonly groups: readonly string[];
  readonly filter?: (ratio: RatioRow) => boolean;
}

/**
 * By how much one thing is better than another, with 95 % intervals and goals. Ratios of times are turned round, so
 * that further to the right is always better.
 */
export function ratiosFigure({ id, title, caption, groups, filter = () => true }: RatiosFigureOptions): Figure {
  return {
    id,
    title,
    caption,
    plot(evidence, canvas) {
      const dots = groups
        .flatMap((beginning) => evidence.groups.filter((name) => name.startsWith(beginning)))
        .map((name): DotGroup => {
          const ratios = evidence
            .ratios(name)
            .filter((ratio) => ratio.unit === undefined && ratio.value > 0 && filter(ratio));
          return { title: name, rows: ratios.map((ratio) => rowOf(ratio, name)) };
        })
        .filter(({ rows }) => rows.length > 0);
      if (dots.length === 0) return undefined;
      return dotRows(dots, { label: 'times better', tickFormat: ratioText, line: 1 }, canvas);
    },
  };
}

function rowOf(ratio: RatioRow, group: string): DotRow {
  const { name, value, interval, goal, lowerIsBetter } = ratio;
  const better = (figureOf: number): number => (lowerIsBetter ? 1 / figureOf : figureOf);
  const low = interval && better(lowerIsBetter ? interval.high : interval.low);
  const high = interval && better(lowerIsBetter ? interval.low : interval.high);
  return {
    label: name.slice(group.length + 2),
    value: better(value),
    low,
    high,
    goal: goal === undefined || goal <= 0 ? undefined : better(goal),
    text: `${figure(better(value))}x`,
    colour: isMet(ratio) ? 'var(--ours-1)' : 'var(--missed)',
  };
}
