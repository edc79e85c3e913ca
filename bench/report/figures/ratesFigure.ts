import type { ResultRow } from '../../harness/Measured.ts';
import { figure } from '../../harness/program/table.ts';
import type { Evidence } from '../Evidence.ts';
import { axisText } from './axisText.ts';
import { type DotGroup, dotRows } from './dotRows.ts';
import type { Figure } from './Figure.ts';
import { coloursOf } from './palette.ts';

export interface RatesFigureOptions extends Pick<Figure, 'id' | 'title' | 'caption'> {
  /** Names of groups, or how they begin. */
  readonly groups: readonly string[];
  readonly unit: string;
  /** Which contenders. Default: all. */
  readonly filter?: (row: ResultRow) => boolean;
  /** Leaves out of the groups' names what all of them begin with. */
  readonly titleOf?: (group: string) => string;
  /** Of what is told in `unit`: `operations/s`. */
  readonly axis: string;
}

/** What contenders reach, group by group: the fastest first, with the range of the rounds and bytes per operation. */
export function ratesFigure(options: RatesFigureOptions): Figure {
  const { id, title, caption, groups, unit, axis, filter = () => true, titleOf = (group) => group } = options;
  return {
    id,
    title,
    caption,
    plot(evidence: Evidence, canvas) {
      const rows = groups
        .flatMap((group) => evidence.rows(group))
        .filter((row) => row.unit === unit && row.median > 0 && filter(row));
      const names = [...new Set(rows.map(({ group }) => group))];
      const dots = names.map((group) =>
        groupOf(
          titleOf(group),
          rows.filter((row) => row.group === group),
        ),
      );
      return dots.length === 0 ? undefined : dotRows(dots, { label: axis, tickFormat: axisText }, canvas);
    },
  };
}

function groupOf(title: string, rows: readonly ResultRow[]): DotGroup {
  const isLess = !(rows[0] as ResultRow).unit.endsWith('/s');
  const sorted = [...rows].sort((a, b) => (isLess ? a.median - b.median : b.median - a.median));
  const colours = coloursOf(rows.map(({ contender }) => contender));
  return {
    title,
    rows: sorted.map(({ contender, median, min, max, bytesPerOp, unit }) => ({
      label: contender,
      value: median,
      low: min > 0 ? min : undefined,
      high: max,
      text: textOf(median, unit, bytesPerOp),
      colour: colours.get(contender) as string,
    })),
  };
}

/** `25.5M, 0 B`. */
function textOf(median: number, unit: string, bytesPerOp: number | undefined): string {
  const value = `${figure(median)}${unit.startsWith('us') ? ' us' : ''}`;
  return bytesPerOp === undefined ? value : `${value}, ${figure(bytesPerOp)} B`;
}
