import type { Figure } from './Figure.ts';
import { ratesFigure } from './ratesFigure.ts';
import { ratiosFigure } from './ratiosFigure.ts';

export const counterFigures: readonly Figure[] = [
  ratesFigure({
    id: 'counter',
    title: 'Counting together: increments a second',
    caption: 'Dots are medians, bars go from the slowest round to the fastest; bytes are what one more allocates.',
    groups: ['counter/'],
    unit: 'operations/s',
    axis: 'increments/s',
    titleOf: (group) => group.slice('counter/'.length),
  }),
  ratiosFigure({
    id: 'counter-ratios',
    title: 'Counting together: ratios',
    caption: 'Bars are 95 % intervals, the lines across are goals.',
    groups: ['counter/'],
  }),
];
