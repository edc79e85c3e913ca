import { axisText } from './axisText.ts';
import type { Figure } from './Figure.ts';
import type { LineAxis } from './lineChart.ts';
import { scaleFigure } from './scaleFigure.ts';
import { unitsFigure } from './unitsFigure.ts';

const OURS = 'flysocket';
const CAPTION = 'The broken line is the ideal; the shade goes from the fastest round to the slowest.';
const nanoseconds = (operation: string): LineAxis => ({
  label: `ns per ${operation}`,
  tickFormat: axisText,
});

export const scaleFigures: readonly Figure[] = [
  scaleFigure({
    id: 'scale-streams',
    title: 'A request beside open streams',
    caption: CAPTION,
    series: [{ name: OURS, group: 'scale/open streams' }],
    noun: 'open streams',
    x: { label: 'open streams', tickFormat: axisText },
    y: nanoseconds('request'),
  }),
  scaleFigure({
    id: 'scale-links',
    title: 'A request over one of many links',
    caption: CAPTION,
    series: [{ name: OURS, group: 'scale/links' }],
    noun: 'links',
    x: { label: 'links', tickFormat: axisText, ticks: [1, 2, 4, 8, 16, 32, 64] },
    y: nanoseconds('request'),
  }),
  scaleFigure({
    id: 'scale-size',
    title: 'A message of so many bytes',
    caption: `${CAPTION} Of messages that is the smallest one and one copy.`,
    series: [{ name: OURS, group: 'scale/message size' }],
    noun: 'B',
    x: {
      label: 'bytes',
      ticks: [16, 256, 4_096, 65_536, 1_048_576, 16_777_216],
      tickFormat: (bytes: number) =>
        bytes >= 1_048_576 ? `${bytes / 1_048_576} MiB` : bytes >= 1_024 ? `${bytes / 1_024} KiB` : `${bytes} B`,
    },
    y: nanoseconds('message'),
  }),
  scaleFigure({
    id: 'scale-producers',
    title: 'Many producers and one consumer',
    caption: CAPTION,
    series: [
      { name: 'a ring each', group: 'scale/producers, a ring each' },
      { name: 'one drain queue', group: 'scale/producers, one drain queue' },
    ],
    noun: 'producers',
    x: { label: 'producers', tickFormat: axisText, ticks: [1, 2, 3, 4, 6, 8] },
    y: nanoseconds('message'),
  }),
  unitsFigure({
    id: 'scale-streams-memory',
    title: 'What an open stream takes up',
    caption: 'Of the two threads together. RSS comes in pages and slabs, so few streams seem to take much.',
    group: 'scale/open streams',
    noun: 'open streams',
    series: {
      'bytes of a stream, both threads': 'flysocket, heap of both threads',
      'bytes of RSS of a stream': 'flysocket, RSS of the process',
    },
    x: { label: 'open streams', tickFormat: axisText },
    y: { label: 'bytes of a stream', tickFormat: axisText },
  }),
  unitsFigure({
    id: 'scale-links-memory',
    title: 'What a link takes up',
    caption: 'Most of it are the two rings, whose size the user chooses.',
    group: 'scale/links',
    noun: 'links',
    series: {
      'KiB of heap of a link, both threads': 'flysocket, heap of both threads',
      'KiB of RSS of a link': 'flysocket, RSS of the process',
    },
    x: { label: 'links', tickFormat: axisText, ticks: [1, 2, 4, 8, 16, 32, 64] },
    y: { label: 'KiB of a link', tickFormat: axisText },
  }),
];
