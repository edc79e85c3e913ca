import type { AnyGroup } from '../harness/index.ts';
import { SetCopy } from '../limit/CopyContender.ts';
import { FanIn, type FanInWay } from './FanIn.ts';
import { ScaledRequests } from './ScaledRequests.ts';
import { type Series, seriesGroup } from './Series.ts';

const KIB = 1024;
const MIB: number = 1024 * KIB;
const BATCH = 50_000;
const MESSAGES_IN_BATCH = 200_000;
/** In a quick run a batch is cut to what fits, but not below a quarter of this. */
const MESSAGES_IN_QUICK_BATCH = 20_000;
/** Fewer streams than this show no difference in memory that is theirs. */
const STREAMS_TO_BE_SEEN = 1_000;
/** Or than this in that of the process, which comes and goes. */
const STREAMS_TO_BE_SEEN_IN_RSS = 10_000;
/** What is under way at a time where messages are long, and what a batch moves. */
const BYTES_IN_FLIGHT: number = 4 * MIB;
const BYTES_IN_BATCH: number = 256 * MIB;
const MOST_IN_FLIGHT = 256;
const LEAST_IN_FLIGHT = 2;
const MOST_VERIFIED = 1_000;

/** One link to another thread, 256 requests of 128 B under way, beside streams that are open and silent. */
export const openStreams: Series<ScaledRequests> = {
  name: 'scale/open streams',
  noun: 'open streams',
  operation: 'request',
  cost: 4,
  points: (isQuick) => [1, 10, 100, 1_000, 10_000, ...(isQuick ? [] : [100_000, 1_000_000])],
  contender: (name, point) =>
    new ScaledRequests(name, { batch: BATCH, openStreams: point, looksAtMemory: point >= STREAMS_TO_BE_SEEN }),
  tell: ({ memoryOfStreams: { heapBytes, arrayBufferBytes, rssBytes } }, point) =>
    point < STREAMS_TO_BE_SEEN
      ? []
      : [
          ['bytes of a stream, both threads', (heapBytes + arrayBufferBytes) / point],
          ...(point < STREAMS_TO_BE_SEEN_IN_RSS ? [] : [['bytes of RSS of a stream', rssBytes / point] as const]),
        ],
};

/** Links to one other thread, which take turns, 256 requests of 128 B under way on all of them together. */
export const links: Series<ScaledRequests> = {
  name: 'scale/links',
  noun: 'links',
  operation: 'request',
  cost: 2,
  points: (isQuick) => (isQuick ? [1, 4, 16, 64] : [1, 2, 4, 8, 16, 32, 64]),
  contender: (name, point) => new ScaledRequests(name, { batch: BATCH, links: point, looksAtMemory: true }),
  tell: ({ memoryOfLinks: { heapBytes, rssBytes } }, point) => [
    ['KiB of heap of a link, both threads', heapBytes / KIB / point],
    ['KiB of RSS of a link', rssBytes / KIB / point],
  ],
};

/**
 * Requests with so much data, answered with 128 B, one link to another thread. Nobody can send bytes for less than
 * copying them once, so the ideal is what a request of 16 B costs, and a copy.
 */
export const messageSize: Series<ScaledRequests> = {
  name: 'scale/message size',
  noun: 'B',
  operation: 'message',
  cost: 4,
  points: (isQuick) =>
    isQuick
      ? [16, KIB, 64 * KIB, MIB]
      : [16, 64, 256, KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB, 4 * MIB, 16 * MIB],
  contender: (name, dataLength) =>
    new ScaledRequests(name, {
      dataLength,
      batch: within(BYTES_IN_BATCH / dataLength, LEAST_IN_FLIGHT, BATCH),
      inFlight: within(BYTES_IN_FLIGHT / dataLength, LEAST_IN_FLIGHT, MOST_IN_FLIGHT),
      verified: within(BYTES_IN_BATCH / dataLength, LEAST_IN_FLIGHT, MOST_VERIFIED),
    }),
  others: (length) => [new SetCopy(nameOfCopy(length), within(BYTES_IN_BATCH / length, 1, 1_000_000), length)],
  ideal: (first, point, costOf) => first + costOf(nameOfCopy(point)),
};

/** Messages of 64 B from so many threads to one, by a ring for each or through one queue. */
function producers(way: FanInWay, name: string): Series<FanIn> {
  return {
    name: `scale/producers, ${name}`,
    noun: 'producers',
    operation: 'message',
    points: (isQuick) => (isQuick ? [1, 2, 4, 8] : [1, 2, 3, 4, 6, 8]),
    contender: (contender, point, isQuick) =>
      new FanIn(contender, isQuick ? MESSAGES_IN_QUICK_BATCH : MESSAGES_IN_BATCH, way, point),
  };
}

function nameOfCopy(length: number): string {
  return `a copy of ${length} bytes`;
}

function within(value: number, least: number, most: number): number {
  return Math.min(Math.max(Math.floor(value), least), most);
}

export const scaleGroups: AnyGroup[] = [
  seriesGroup(openStreams),
  seriesGroup(links),
  seriesGroup(messageSize),
  seriesGroup(producers('rings', 'a ring each')),
  seriesGroup(producers('queue', 'one drain queue')),
];
