import type { Figure } from './Figure.ts';
import { ratesFigure } from './ratesFigure.ts';

export const limitFigures: readonly Figure[] = [
  ratesFigure({
    id: 'limit',
    title: 'What the machine can do, and what of it is left',
    caption: 'Dots are medians, bars go from the slowest round to the fastest.',
    groups: ['limit/'],
    unit: 'operations/s',
    axis: 'a second',
    titleOf: (group) => group.slice('limit/'.length),
  }),
];
