import { BatchPoster } from './ways/BatchPoster.ts';
import { FlySocket } from './ways/FlySocket.ts';
import { LinePoster } from './ways/LinePoster.ts';
import { OneThread } from './ways/OneThread.ts';
import { PostingWay } from './ways/PostingWay.ts';
import type { Way } from './ways/Way.ts';

/** The way that the others are compared with. */
export const YARDSTICK: Way = new PostingWay(
  'postMessage, a line each',
  new URL('./ways/linePosts.worker.js', import.meta.url),
  (worker, source) => new LinePoster(worker, source),
);

/** All ways, in the order in which they run. */
export const WAYS: readonly Way[] = [
  new FlySocket(),
  YARDSTICK,
  new PostingWay(
    'postMessage, batches by hand',
    new URL('./ways/batchPosts.worker.js', import.meta.url),
    (worker, source) => new BatchPoster(worker, source),
  ),
  new OneThread(),
];
