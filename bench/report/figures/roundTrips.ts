import type { Figure } from './Figure.ts';
import { percentilesFigure } from './percentilesFigure.ts';
import { ratesFigure } from './ratesFigure.ts';

export const roundTripsFigures: readonly Figure[] = [
  ratesFigure({
    id: 'round-trips',
    title: 'Calls to another thread: a second, and bytes allocated by each',
    caption: 'Dots are medians, bars go from the slowest round to the fastest.',
    groups: ['round-trips/'],
    unit: 'operations/s',
    axis: 'calls/s',
    titleOf: (group) => group.slice('round-trips/'.length),
  }),
  percentilesFigure({
    id: 'round-trips-percentiles',
    title: 'One message to another thread and back: latencies',
    caption: 'Awake: the other thread is looking at its ring. Asleep: it has to be woken by the event loop.',
    groups: ['ring/round trip'],
    series: ({ group, contender }) => `${contender}, ${/awake|asleep/.exec(group)?.[0] ?? group}`,
  }),
];
