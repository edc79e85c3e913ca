import { axisText } from './axisText.ts';
import type { Figure } from './Figure.ts';
import { type RampFigureOptions, rampFigure } from './rampFigure.ts';
import { ratiosFigure } from './ratiosFigure.ts';

const GROUP = 'acme-air';
const MICROS_PER_MS = 1_000;

function ramp(
  id: string,
  title: string,
  options: Pick<RampFigureOptions, 'caption' | 'unit' | 'y' | 'divisor'>,
): Figure {
  return rampFigure({
    id,
    title,
    group: GROUP,
    pattern: /^(?<series>.+), (?<at>\d+) users$/,
    x: { label: 'users', tickFormat: axisText },
    ...options,
  });
}

const milliseconds = { y: { label: 'milliseconds', tickFormat: axisText }, divisor: MICROS_PER_MS };

export const acmeAirFigures: readonly Figure[] = [
  ramp('acme-air-throughput', 'The airline: requests a second as users come', {
    caption: 'Each user asks as soon as he is answered; the shade goes from the slower round to the faster.',
    unit: 'requests/s',
    y: { label: 'requests/s', tickFormat: axisText },
  }),
  ramp('acme-air-mean', 'The airline: mean time of a request', {
    caption: 'Less is better. With all users waiting for answers, it grows with their number.',
    unit: 'us mean',
    ...milliseconds,
  }),
  ramp('acme-air-p99', 'The airline: 99th percentile', {
    caption: 'Of a hundred requests one takes longer.',
    unit: 'us p99',
    ...milliseconds,
  }),
  ramp('acme-air-cpu', 'The airline: processor time of a request', {
    caption: 'Of all processes together, users among them.',
    unit: 'CPU us/request',
    y: { label: 'microseconds', tickFormat: axisText },
  }),
  ratiosFigure({
    id: 'acme-air-ratios',
    title: 'The airline with 60 users: ratios',
    caption: 'Bars are 95 % intervals, the lines across are goals. Times are turned round: more is better of them too.',
    groups: [GROUP],
  }),
];
