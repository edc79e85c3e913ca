import * as Plot from '@observablehq/plot';
import { figure } from '../../harness/program/table.ts';
import type { Evidence } from '../Evidence.ts';
import { axisText } from './axisText.ts';
import type { Figure } from './Figure.ts';
import { labelShifts } from './labelShifts.ts';
import { logDomain, logTicks } from './logTicks.ts';
import { coloursOf, FAINT, GOAL, INK, PAPER } from './palette.ts';

export interface MemoryFigureOptions extends Pick<Figure, 'id' | 'title' | 'caption'> {
  readonly group: string;
  /** Of which throughput is told. */
  readonly inFlight: number;
  readonly goal: { readonly megabytes: number; readonly perSecond: number };
}

interface Place {
  readonly name: string;
  readonly perSecond: number;
  /** Of its largest process. */
  readonly megabytes: number;
}

const HEIGHT = 340;
const MARGIN_TOP = 30;
const MARGIN_BOTTOM = 42;
const MARGIN_LEFT = 60;
const MARGIN_RIGHT = 20;
const LABEL_DISTANCE = 10;
const CHARACTER_WIDTH = 6.8;
const MOST_TICKS = 8;
const LEAST_RANGE = 50;
/** At both ends of the axis. */
const ROOM = 1.4;
const RATE = 'requests/s';
const MEMORY = 'MB RSS at most';

/** How fast contenders are, over what their largest process takes up; the goal is the corner at the top left. */
export function memoryFigure({ id, title, caption, group, inFlight, goal }: MemoryFigureOptions): Figure {
  return {
    id,
    title,
    caption,
    plot(evidence, { width, hasPointer }) {
      const places = placesOf(evidence, group, inFlight);
      if (places.length === 0) return undefined;
      const colours = coloursOf(places.map(({ name }) => name));
      const colourOf = ({ name }: Place): string => colours.get(name) as string;
      const rates = [...places.map(({ perSecond }) => perSecond), goal.perSecond];
      const memories = [...places.map(({ megabytes }) => megabytes), goal.megabytes];
      const [least, most] = logDomain(rates, LEAST_RANGE);
      const [low, high] = [least / ROOM, most * ROOM];
      const y = { type: 'log', domain: [low, high] } as const;
      const x = { type: 'linear', domain: [Math.min(...memories) * 0.9, Math.max(...memories) * 1.05] } as const;
      const down = Plot.scale({ y: { ...y, range: [HEIGHT - MARGIN_BOTTOM, MARGIN_TOP] } });
      const across = Plot.scale({ x: { ...x, range: [MARGIN_LEFT, width - MARGIN_RIGHT] } });
      const ticks = logTicks(low, high, MOST_TICKS);
      const middle = (x.domain[0] + x.domain[1]) / 2;
      const shifts = labelShifts(
        places.map(({ name, perSecond, megabytes }) => {
          const inward = megabytes > middle ? -1 : 1;
          const begin = across.apply(megabytes) + inward * LABEL_DISTANCE;
          const end = begin + inward * name.length * CHARACTER_WIDTH;
          return { left: Math.min(begin, end), right: Math.max(begin, end), middle: down.apply(perSecond) };
        }),
      );
      return {
        width,
        height: HEIGHT,
        marginTop: MARGIN_TOP,
        marginBottom: MARGIN_BOTTOM,
        marginLeft: MARGIN_LEFT,
        marginRight: MARGIN_RIGHT,
        x: { ...x, label: 'MB of RSS, the largest process' },
        y: { ...y, axis: null },
        color: { type: 'identity' },
        marks: [
          Plot.axisY(ticks, { label: `requests/s, ${inFlight} in flight`, text: axisText }),
          Plot.gridY(ticks, { stroke: FAINT, strokeOpacity: 0.35 }),
          Plot.rect([goal], {
            x1: x.domain[0],
            x2: 'megabytes',
            y1: 'perSecond',
            y2: high,
            fill: GOAL,
            fillOpacity: 0.13,
          }),
          Plot.text([goal], {
            x: 'megabytes',
            y: high,
            text: () => `the talk: ${figure(goal.perSecond)} in ${goal.megabytes} MB`,
            fill: GOAL,
            textAnchor: 'start',
            dx: 6,
            dy: 11,
          }),
          ...places.map((place, index) =>
            Plot.text([place], {
              x: 'megabytes',
              y: 'perSecond',
              text: 'name',
              fill: INK,
              stroke: PAPER,
              textAnchor: place.megabytes > middle ? 'end' : 'start',
              dx: place.megabytes > middle ? -LABEL_DISTANCE : LABEL_DISTANCE,
              dy: shifts[index] as number,
            }),
          ),
          Plot.dot(places, { x: 'megabytes', y: 'perSecond', fill: colourOf, r: 5 }),
          ...(hasPointer ? [Plot.tip(places, Plot.pointer({ x: 'megabytes', y: 'perSecond', title: describe }))] : []),
        ],
      };
    },
  };
}

function describe({ name, perSecond, megabytes }: Place): string {
  return `${name}\n${figure(perSecond)} requests/s\n${figure(megabytes)} MB`;
}

/** The rows are named `<contender>, 256 in flight` and `<contender>, <process>`. */
export function placesOf(evidence: Evidence, group: string, inFlight: number): Place[] {
  const rows = evidence.rows(group);
  const ending = `, ${inFlight} in flight`;
  return rows
    .filter(({ contender, unit }) => unit === RATE && contender.endsWith(ending))
    .map(({ contender, median }) => {
      const name = contender.slice(0, -ending.length);
      const ofIts = rows.filter((row) => row.unit === MEMORY && processOf(row.contender, name) !== undefined);
      return { name, perSecond: median, megabytes: Math.max(...ofIts.map((row) => row.median)) };
    })
    .filter(({ megabytes }) => Number.isFinite(megabytes));
}

/** What follows a contender's name, if that is one word: other contenders' names may begin likewise. */
function processOf(contender: string, name: string): string | undefined {
  const rest = contender.startsWith(`${name}, `) ? contender.slice(name.length + 2) : '';
  return /^\w+$/.test(rest) ? rest : undefined;
}
