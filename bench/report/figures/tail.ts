import { axisText } from './axisText.ts';
import type { Figure } from './Figure.ts';
import { percentilesFigure } from './percentilesFigure.ts';
import { rampFigure } from './rampFigure.ts';
import { ratesFigure } from './ratesFigure.ts';
import { ratiosFigure } from './ratiosFigure.ts';

const OVERLOAD = 'tail/overloaded service';
const SLOW_CONSUMER = 'tail/one slow consumer';
const MICROS_PER_MS = 1_000;
const PATTERN = /^(?<series>.+), at (?<at>\d+) %$/;
const THREEFOLD = ', at 300 %';

const load = { label: 'per cent of what the service can do', tickFormat: axisText };

export const tailFigures: readonly Figure[] = [
  rampFigure({
    id: 'tail-p99',
    title: 'An overloaded service: 99th percentile of what it accepted',
    caption: 'Left of 100 % the service keeps up; right of it something has to be refused, or everybody waits.',
    group: OVERLOAD,
    unit: 'us p99',
    pattern: PATTERN,
    x: load,
    y: { label: 'milliseconds', tickFormat: axisText },
    divisor: MICROS_PER_MS,
  }),
  rampFigure({
    id: 'tail-accepted',
    title: 'An overloaded service: accepted work a second',
    caption: 'Refusing costs as well: what is refused early leaves more for what is not.',
    group: OVERLOAD,
    unit: 'accepted/s',
    pattern: PATTERN,
    x: load,
    y: { label: 'accepted/s', tickFormat: axisText },
  }),
  percentilesFigure({
    id: 'tail-percentiles',
    title: 'Asked for three times what it can do: latencies of what was accepted',
    caption: 'From the median on the left to the slowest of ten thousand on the right.',
    groups: [OVERLOAD],
    series: ({ contender }) => (contender.endsWith(THREEFOLD) ? contender.slice(0, -THREEFOLD.length) : undefined),
  }),
  percentilesFigure({
    id: 'tail-slow-consumer',
    title: 'One slow consumer of eight: age of the items when they come',
    caption: 'Of the fast consumers: with none slow, and with one slow among them.',
    groups: [SLOW_CONSUMER],
    series: ({ contender }) => contender.replace(': the fast', ''),
  }),
  ratesFigure({
    id: 'tail-slow-consumer-memory',
    title: 'One slow consumer of eight: memory of the server',
    caption: 'What is pushed to one who does not read has to stay somewhere.',
    groups: [SLOW_CONSUMER],
    unit: 'MB RSS',
    axis: 'MB',
  }),
  ratiosFigure({
    id: 'tail-ratios',
    title: 'Tails: ratios of 99th percentiles',
    caption: 'Turned round: further to the right is better. Bars are 95 % intervals, the lines across are goals.',
    groups: ['tail/'],
    filter: ({ name }) => name.includes('p99') && !/at (50|90) %$/.test(name),
  }),
];
