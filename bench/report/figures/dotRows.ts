import * as Plot from '@observablehq/plot';
import type { Canvas } from './Figure.ts';
import { logDomain, logTicks } from './logTicks.ts';
import { FAINT, GOAL, INK } from './palette.ts';

/** One figure on the common axis. */
export interface DotRow {
  readonly label: string;
  readonly value: number;
  /** From where to where it may lie. */
  readonly low?: number | undefined;
  readonly high?: number | undefined;
  /** What it is to reach. */
  readonly goal?: number | undefined;
  /** The figure in words. */
  readonly text: string;
  readonly colour: string;
}

export interface DotGroup {
  readonly title: string;
  readonly rows: readonly DotRow[];
}

export interface DotAxis {
  readonly label: string;
  readonly tickFormat: (value: number) => string;
  /** A line to compare with, such as 1 of ratios. */
  readonly line?: number;
}

interface PlacedRow extends DotRow {
  readonly line: number;
}

const LINE_HEIGHT = 21;
const CHARACTER_WIDTH = 6.8;
const MARGIN_TOP = 44;
const MARGIN_BOTTOM = 12;
/** For the figures in words. */
const MARGIN_RIGHT = 120;
const MOST_OF_WIDTH = 0.56;
const TICK_WIDTH = 62;
/** Room at both ends of the axis. */
const ROOM = 1.12;

/**
 * Figures below each other on one logarithmic axis: a dot for each, a bar from where to where it may lie, and the goal
 * as a line across. Their names are on the left, their groups' titles above them.
 */
export function dotRows(groups: readonly DotGroup[], axis: DotAxis, { width, hasPointer }: Canvas): Plot.PlotOptions {
  const titles: { readonly title: string; readonly line: number }[] = [];
  const rows: PlacedRow[] = [];
  let line = 0;
  for (const group of groups) {
    if (group.title !== '') titles.push({ title: group.title, line: line++ });
    for (const row of group.rows) rows.push({ ...row, line: line++ });
  }
  const longest = Math.max(0, ...rows.map(({ label }) => label.length));
  const marginLeft = Math.min(longest * CHARACTER_WIDTH + 16, width * MOST_OF_WIDTH);
  const spans = rows.filter(({ low, high }) => low !== undefined && high !== undefined);
  const goals = rows.filter(({ goal }) => goal !== undefined);
  const [low, high] = logDomain([
    ...rows.flatMap(({ value, low: least = value, high: most = value, goal = value }) => [least, value, most, goal]),
    ...(axis.line === undefined ? [] : [axis.line]),
  ]);
  const domain: [number, number] = [low / ROOM, high * ROOM];
  const ticks = logTicks(...domain, Math.max(3, (width - marginLeft - MARGIN_RIGHT) / TICK_WIDTH));
  const atLeft = { frameAnchor: 'left', textAnchor: 'start', dx: 4 - marginLeft } as const;
  return {
    width,
    height: line * LINE_HEIGHT + MARGIN_TOP + MARGIN_BOTTOM,
    marginLeft,
    marginRight: MARGIN_RIGHT,
    marginTop: MARGIN_TOP,
    marginBottom: MARGIN_BOTTOM,
    x: { type: 'log', domain, axis: null },
    y: { type: 'linear', domain: [line - 0.5, -0.5], axis: null },
    color: { type: 'identity' },
    marks: [
      Plot.axisX(ticks, { anchor: 'top', label: axis.label, text: axis.tickFormat }),
      Plot.gridX(ticks, { stroke: FAINT, strokeOpacity: 0.35 }),
      ...(axis.line === undefined ? [] : [Plot.ruleX([axis.line], { stroke: INK, strokeOpacity: 0.6 })]),
      Plot.text(titles, { y: 'line', text: 'title', fontWeight: 600, fill: INK, ...atLeft, dx: 4 - marginLeft }),
      Plot.text(rows, { y: 'line', text: 'label', fill: INK, ...atLeft, dx: 12 - marginLeft }),
      Plot.link(spans, {
        x1: 'low',
        x2: 'high',
        y1: 'line',
        y2: 'line',
        stroke: 'colour',
        strokeWidth: 7,
        strokeOpacity: 0.35,
        strokeLinecap: 'round',
      }),
      Plot.link(goals, {
        x1: 'goal',
        x2: 'goal',
        y1: ({ line: at }: PlacedRow) => at - 0.42,
        y2: ({ line: at }: PlacedRow) => at + 0.42,
        stroke: GOAL,
        strokeWidth: 2.5,
      }),
      Plot.dot(rows, { x: 'value', y: 'line', fill: 'colour', r: 4.5 }),
      Plot.text(rows, {
        x: ({ value, high = value, goal = value }: PlacedRow) => Math.max(value, high, goal > value * 2 ? value : goal),
        y: 'line',
        text: 'text',
        fill: INK,
        textAnchor: 'start',
        dx: 9,
      }),
      ...(hasPointer ? [Plot.tip(rows, Plot.pointerY({ x: 'value', y: 'line', title: describe }))] : []),
    ],
  };
}

function describe({ label, text, low, high, goal }: PlacedRow): string {
  const lines = [`${label}: ${text}`];
  if (low !== undefined && high !== undefined) lines.push(`${low.toPrecision(3)} to ${high.toPrecision(3)}`);
  if (goal !== undefined) lines.push(`goal ${goal.toPrecision(3)}`);
  return lines.join('\n');
}
