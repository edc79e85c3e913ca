import type { Figure } from './Figure.ts';
import { memoryFigure } from './memoryFigure.ts';
import { ratiosFigure } from './ratiosFigure.ts';

const IN_FLIGHT = 256;
const GOAL = { megabytes: 92, perSecond: 800_000 };
const CAPTION = 'Up and to the left is better; the shaded corner is where the talk says it is.';

function figure(transport: string, title: string): Figure {
  return memoryFigure({
    id: `rps-${transport}`,
    title: `Requests a second, and the memory it takes: ${title}`,
    caption: CAPTION,
    group: `rps-in-92mb/${transport}`,
    inFlight: IN_FLIGHT,
    goal: GOAL,
  });
}

export const rpsFigures: readonly Figure[] = [
  figure('threads', 'between threads'),
  figure('tcp', 'between processes, over TCP'),
  figure('ws', 'between processes, over WebSocket'),
  ratiosFigure({
    id: 'rps-ratios',
    title: `Requests a second: ratios, ${IN_FLIGHT} in flight`,
    caption: 'Bars are 95 % intervals.',
    groups: ['rps-in-92mb/'],
    filter: ({ name }) => name.endsWith(`, ${IN_FLIGHT} in flight`),
  }),
];
