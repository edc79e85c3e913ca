import * as Plot from '@observablehq/plot';
import type { Canvas } from './Figure.ts';
import { logDomain, logTicks } from './logTicks.ts';
import { coloursOf, FAINT, INK } from './palette.ts';

export interface LinePoint {
  readonly series: string;
  readonly x: number;
  readonly y: number;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
}

export interface LineAxis {
  readonly label: string;
  /** Default: round numbers. */
  readonly ticks?: readonly number[];
  readonly tickFormat: (value: number) => string;
}

export interface LineChart {
  readonly points: readonly LinePoint[];
  readonly x: LineAxis;
  readonly y: LineAxis;
  /** Names of series that were not measured: a broken line without dots. */
  readonly ideals?: readonly string[];
}

const HEIGHT = 320;
const MARGIN_TOP = 34;
const MARGIN_BOTTOM = 42;
const MARGIN_LEFT = 56;
const CHARACTER_WIDTH = 6.8;
const LABEL_HEIGHT = 15;
const MOST_OF_WIDTH = 0.42;
const MOST_TICKS = 9;
/** So that what hardly changes looks like it. */
const LEAST_RANGE = 8;

/** Lines over two logarithmic axes, each with its name at its end; the shade about it is from where to where it lay. */
export function lineChart({ points, x, y, ideals = [] }: LineChart, { width, hasPointer }: Canvas): Plot.PlotOptions {
  const names = [...new Set(points.map(({ series }) => series))];
  const colours = coloursOf(names.filter((name) => !ideals.includes(name)));
  const colourOf = ({ series }: LinePoint): string => colours.get(series) ?? INK;
  const isMeasured = ({ series }: LinePoint): boolean => !ideals.includes(series);
  const measured = points.filter(isMeasured);
  const longest = Math.max(...names.map((name) => name.length));
  const marginRight = Math.min(longest * CHARACTER_WIDTH + 18, width * MOST_OF_WIDTH);
  const values = points.flatMap(({ y: value, low = value, high = value }) => [low, value, high]);
  const domain = logDomain(values, LEAST_RANGE);
  const yTicks = y.ticks ?? logTicks(...domain, MOST_TICKS);
  const xTicks = x.ticks ?? logTicks(...logDomain(points.map((point) => point.x)), MOST_TICKS);
  const ends = names.map((name) => points.findLast(({ series }) => series === name) as LinePoint);
  const scale = Plot.scale({ y: { type: 'log', domain, range: [HEIGHT - MARGIN_BOTTOM, MARGIN_TOP] } });
  const shifts = apart(ends.map((end) => scale.apply(end.y)));
  const by = { x: 'x', y: 'y', z: 'series', stroke: colourOf } as const;
  return {
    width,
    height: HEIGHT,
    marginTop: MARGIN_TOP,
    marginBottom: MARGIN_BOTTOM,
    marginLeft: MARGIN_LEFT,
    marginRight,
    x: { type: 'log', axis: null },
    y: { type: 'log', domain, axis: null },
    color: { type: 'identity' },
    marks: [
      // Marks of their own, with texts: formats of logarithmic scales leave out the labels of some ticks.
      Plot.axisX(xTicks, { label: x.label, text: x.tickFormat }),
      Plot.axisY(yTicks, { label: y.label, text: y.tickFormat }),
      Plot.gridY(yTicks, { stroke: FAINT, strokeOpacity: 0.35 }),
      Plot.areaY(measured, {
        x: 'x',
        y1: ({ low, y: value }: LinePoint) => low ?? value,
        y2: ({ high, y: value }: LinePoint) => high ?? value,
        z: 'series',
        fill: colourOf,
        fillOpacity: 0.14,
      }),
      Plot.line(
        points.filter((point) => !isMeasured(point)),
        { ...by, strokeDasharray: '5 4', strokeOpacity: 0.7 },
      ),
      Plot.line(measured, { ...by, strokeWidth: 2 }),
      Plot.dot(measured, { x: 'x', y: 'y', fill: colourOf, r: 3.5 }),
      ...ends.map((end, index) =>
        Plot.text([end], {
          x: 'x',
          y: 'y',
          text: 'series',
          fill: colourOf,
          textAnchor: 'start',
          dx: 10,
          dy: shifts[index] as number,
        }),
      ),
      ...(hasPointer
        ? [
            Plot.tip(
              points,
              Plot.pointer({
                x: 'x',
                y: 'y',
                title: (point: LinePoint) =>
                  `${point.series}\n${x.label} ${point.x}\n${y.label} ${point.y.toPrecision(3)}`,
              }),
            ),
          ]
        : []),
    ],
  };
}

/** By how much each label has to move so that none lies on another: in pixels, downwards. */
export function apart(places: readonly number[]): number[] {
  const order = places.map((_, index) => index).sort((a, b) => (places[a] as number) - (places[b] as number));
  const shifts = places.map(() => 0);
  let above = Number.NEGATIVE_INFINITY;
  // From the top, each below the one before; then all that were pushed go back by half of it, and not beyond the top.
  for (const index of order) {
    const wanted = places[index] as number;
    const at = Math.max(wanted, above + LABEL_HEIGHT);
    shifts[index] = at - wanted;
    above = at;
  }
  return spreadBack(places, shifts, order);
}

/** A cluster that was pushed down as a whole is centred about where its labels wanted to be. */
function spreadBack(places: readonly number[], shifts: number[], order: readonly number[]): number[] {
  let cluster: number[] = [];
  let ceiling = Number.NEGATIVE_INFINITY;
  const settle = (): void => {
    if (cluster.length > 1) {
      const first = cluster[0] as number;
      const mean = cluster.reduce((sum, index) => sum + (shifts[index] as number), 0) / cluster.length;
      const room = (places[first] as number) + (shifts[first] as number) - ceiling - LABEL_HEIGHT;
      const back = Math.min(mean, Math.max(0, room));
      for (const index of cluster) shifts[index] = (shifts[index] as number) - back;
    }
    const last = cluster.at(-1);
    if (last !== undefined) ceiling = (places[last] as number) + (shifts[last] as number);
    cluster = [];
  };
  for (const index of order) {
    if ((shifts[index] as number) === 0) settle();
    cluster.push(index);
  }
  settle();
  return shifts;
}
