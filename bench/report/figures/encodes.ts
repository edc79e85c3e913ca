import type { Figure } from './Figure.ts';
import { ratesFigure } from './ratesFigure.ts';
import { ratiosFigure } from './ratiosFigure.ts';

export const encodesFigures: readonly Figure[] = [
  ratesFigure({
    id: 'encodes',
    title: 'Encodes and decodes a second, and bytes allocated by each',
    caption: 'Dots are medians, bars go from the slowest round to the fastest; the bytes are what one more allocates.',
    groups: ['encodes/'],
    unit: 'operations/s',
    axis: 'a second',
    titleOf: (group) => group.slice('encodes/'.length),
  }),
  ratiosFigure({
    id: 'encodes-ratios',
    title: 'Encodes and decodes: ratios',
    caption: 'Bars are 95 % intervals.',
    groups: ['encodes/'],
  }),
];
