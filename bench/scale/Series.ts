import { extendGroup } from '../extendGroup.ts';
import type { AnyGroup, Contender, Group, Measured, ResultRow } from '../harness/index.ts';

/** What one more of something costs: the same measured at several points. */
export interface Series<C extends Contender = Contender> {
  readonly name: string;
  /** What there are so many of at each point: `links`. */
  readonly noun: string;
  /** What costs: `request`. */
  readonly operation: string;
  /** In ascending order; the first one is what the others are held against. */
  points(isQuick: boolean): readonly number[];
  /** @param isQuick whether it may do with less of whatever takes time */
  contender(name: string, point: number, isQuick: boolean): C;
  /** Others that take their turns too, and are told by the same unit. */
  readonly others?: (point: number) => readonly Contender[];
  /** What is to be told of a contender besides its cost. */
  readonly tell?: (contender: C, point: number) => readonly (readonly [unit: string, value: number])[];
  /**
   * What an operation would cost if nothing came of there being more, in nanoseconds. Default: as at the first point.
   * @param costOf what one of `others` costs, by its name
   */
  readonly ideal?: (first: number, point: number, costOf: (name: string) => number) => number;
  /** As a multiple of what groups usually take. */
  readonly cost?: number;
}

/** How the contender of a point is called: the number first, so that a picture can be drawn from the results. */
export function nameOfPoint(point: number, noun: string): string {
  return `${point} ${noun}`;
}

/** How the ideal at a point is called. */
export function nameOfIdeal(point: number, noun: string): string {
  return `ideal, ${nameOfPoint(point, noun)}`;
}

const NANOSECONDS = 1e9;

/** The group that measures a series: a row of nanoseconds for each point, and one for its ideal. */
export function seriesGroup<C extends Contender>(series: Series<C>): AnyGroup {
  const { name, noun, cost } = series;
  let points: [number, C][] = [];
  return extendGroup({
    name,
    ...(cost === undefined ? {} : { cost }),
    timesOnly: true,
    group: (isQuick) => {
      points = series
        .points(isQuick)
        .map((point) => [point, series.contender(nameOfPoint(point, noun), point, isQuick)]);
      const contenders = points.flatMap(([point, contender]) => [contender, ...(series.others?.(point) ?? [])]);
      return { name, unit: 'operations/s', contenders: () => contenders } satisfies Group;
    },
    extend: (measured) => ({
      ...measured,
      results: [
        ...measured.results.map((row) => costRow(row, series.operation)),
        ...idealRows(measured, series),
        ...points.flatMap(([point, contender]) => tellRows(measured, series, contender, point)),
      ],
    }),
  });
}

/** Nanoseconds of an operation instead of operations a second. */
export function costRow({ group, contender, samples = [], median, min, max }: ResultRow, operation: string): ResultRow {
  return {
    group,
    contender,
    unit: `ns per ${operation}`,
    median: NANOSECONDS / median,
    min: NANOSECONDS / max,
    max: NANOSECONDS / min,
    samples: samples.map((perSecond) => NANOSECONDS / perSecond),
  };
}

/** The ideal at each point that was measured. */
export function idealRows<C extends Contender>({ results }: Measured, series: Series<C>): ResultRow[] {
  const { noun, operation, ideal = (first: number): number => first } = series;
  const costs = new Map(results.map(({ contender, median }) => [contender, NANOSECONDS / median]));
  const costOf = (name: string): number => costs.get(name) ?? 0;
  // The points, as the contenders' names give them back.
  const measured = results.filter(({ contender }) => contender.endsWith(` ${noun}`) && /^\d/.test(contender));
  const [first] = measured;
  if (first === undefined) return [];
  return measured.map(({ group, contender }) => {
    const point = Number.parseInt(contender, 10);
    const value = ideal(costOf(first.contender), point, costOf);
    const row = { group, contender: nameOfIdeal(point, noun), unit: `ns per ${operation}` };
    return { ...row, median: value, min: value, max: value };
  });
}

function tellRows<C extends Contender>(
  { results }: Measured,
  { name, tell }: Series<C>,
  contender: C,
  point: number,
): ResultRow[] {
  if (tell === undefined || results.every((row) => row.contender !== contender.name)) return [];
  return tell(contender, point).map(([unit, value]) => {
    return { group: name, contender: contender.name, unit, median: value, min: value, max: value };
  });
}
