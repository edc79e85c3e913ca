/** The counters of a link at work, read by a thread that has no part in it. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type CounterBlockSnapshot, processCounters } from 'flysocket/counters';
import { connectWorker, countedPoolOfThisThread, type WorkerPeer } from 'flysocket/shm-transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { until } from '../tck/until.ts';

const test = suite('counters of a live link');
const NAME = 'live';
const MAIN_THREAD = 0;
const ATTEMPTS = 500;

interface Scene {
  readonly worker: Worker;
  readonly peer: WorkerPeer;
  readonly words: Int32Array;
  readonly snapshot: () => Promise<Snapshot>;
}

/** What the reader saw, by thread and kind. */
class Snapshot {
  readonly #blocks: CounterBlockSnapshot[];

  constructor(blocks: CounterBlockSnapshot[]) {
    this.#blocks = blocks.filter(({ live }) => live);
  }

  ownedBy(ownerId: number): number {
    return this.#blocks.filter((block) => block.ownerId === ownerId).length;
  }

  of(ownerId: number, kindName: string, label?: string): Record<string, number> {
    const found = this.#blocks.filter(
      (block) => block.ownerId === ownerId && block.kindName === kindName && block.label === (label ?? block.label),
    );
    assert.is(found.length, 1, `blocks of thread ${ownerId}, ${kindName}, ${label}`);
    return found[0]?.counters as Record<string, number>;
  }
}

async function withLink(use: (scene: Scene) => Promise<void>): Promise<void> {
  const words = new Int32Array(new SharedArrayBuffer(8));
  const reading = new Worker(new URL('./liveLinkReader.worker.js', import.meta.url), {
    workerData: processCounters().memory,
  });
  const worker = new Worker(new URL('./liveLink.worker.js', import.meta.url), { workerData: words.buffer });
  const snapshot = async (): Promise<Snapshot> => {
    const answer = once(reading, 'message');
    reading.postMessage('');
    return new Snapshot((await answer)[0]);
  };
  try {
    const peer = await connectWorker(worker, {
      name: NAME,
      ringCapacity: 4_096,
      handler: { requestStream: (payload) => Array.from({ length: Number(payload.dataUtf8()) }, (_, i) => String(i)) },
    });
    await use({ worker, peer, words, snapshot });
    peer.close();
  } finally {
    await Promise.all([worker.terminate(), reading.terminate()]);
  }
}

/** Both MIME types are `application/octet-stream`. */
const SETUP_LENGTH = 68;

test('true numbers of a thread that is stuck in a handler', () =>
  withLink(async ({ worker, peer, words, snapshot }) => {
    const { threadId } = worker;
    for (let i = 0; i < 100; i++) await peer.requestResponse('123456');
    peer.fireAndForget('stuck');
    await until(() => Atomics.load(words, 0) === 1, 'the worker is stuck');
    const stuck = await snapshot();
    const link = stuck.of(threadId, 'LINK');
    // A REQUEST_RESPONSE and a PAYLOAD of 6 bytes each are 12 bytes long. The frame in the handler counts after it.
    assert.is(link['FRAMES_RECEIVED'], 101, 'the SETUP and the requests');
    assert.is(link['BYTES_RECEIVED'], SETUP_LENGTH + 1_200);
    assert.is(link['FRAMES_SENT'], 100);
    assert.is(link['BYTES_SENT'], 1_200);
    assert.is(link['STREAMS_OPENED'], 100);
    assert.is(link['STREAMS_CLOSED'], 100);
    assert.is(stuck.of(threadId, 'THREAD')['WORK'], 101);
    assert.is(stuck.of(threadId, 'RING_CONSUMER', `${NAME} ring 0`)['MESSAGES'], 101);
    assert.is(stuck.of(MAIN_THREAD, 'LINK', NAME)['FRAMES_SENT'], 102);
    Atomics.store(words, 1, 1);
    await peer.requestResponse('123456');
    assert.is((await snapshot()).of(threadId, 'LINK')['FRAMES_RECEIVED'], 103);
  }));

/** Fields of the one end that have to be what the other end has in the second. */
const PAIRS = [
  ['FRAMES_SENT', 'FRAMES_RECEIVED'],
  ['BYTES_SENT', 'BYTES_RECEIVED'],
  ['CANCELS_SENT', 'CANCELS_RECEIVED'],
  ['ERRORS_SENT', 'ERRORS_RECEIVED'],
] as const;

interface Ends {
  readonly seen: Snapshot;
  readonly ours: Record<string, number>;
  readonly theirs: Record<string, number>;
}

/** Reads until each field of one end is what its pair is at the other; fails with the numbers if it never comes so. */
async function whenEqual(
  { threadId }: Worker,
  snapshot: Scene['snapshot'],
  pairs: readonly (readonly [string, string])[],
): Promise<Ends> {
  for (let attempt = 1; ; attempt++) {
    const seen = await snapshot();
    const ours = seen.of(MAIN_THREAD, 'LINK', NAME);
    const theirs = seen.of(threadId, 'LINK');
    const isEqual = pairs.every(([a, b]) => ours[a] === theirs[b] && theirs[a] === ours[b]);
    if (isEqual) return { seen, ours, theirs };
    if (attempt === ATTEMPTS) throw new Error(`never equal: ${JSON.stringify({ pairs, ours, theirs })}`);
  }
}

test('what one end has sent the other end has received, when all is quiet', () =>
  withLink(async ({ worker, peer, snapshot }) => {
    await Promise.all([
      ...Array.from({ length: 300 }, (_, i) => peer.requestResponse(`request ${i}`)),
      readAll(peer.requestStream('500', { prefetch: 7 })),
      readAll(peer.requestStream('500', { prefetch: 300 })),
      readAll(peer.requestChannel(Array.from({ length: 200 }, (_, i) => `item ${i}`))),
      readSome(peer.requestStream('100000'), 1),
      peer.requestResponse(new Uint8Array(500_000)),
      peer.requestResponse(''),
      peer.requestChannel(['unread'])[Symbol.asyncIterator]().return?.(),
    ]);
    const { seen, ours, theirs } = await whenEqual(worker, snapshot, PAIRS);
    for (const end of [ours, theirs]) {
      assert.ok((end['FRAMES_SENT'] as number) > 500);
      assert.is(end['STREAMS_OPENED'], end['STREAMS_CLOSED']);
      assert.is(end['CREDIT_GRANTED'], end['CREDIT_GRANTED_SPENT']);
      assert.is(end['CREDIT_RECEIVED'], end['CREDIT_RECEIVED_SPENT']);
    }
    for (const [ring, producer, consumer] of [
      [0, MAIN_THREAD, worker.threadId],
      [1, worker.threadId, MAIN_THREAD],
    ] as const) {
      const written = seen.of(producer, 'RING_PRODUCER', `${NAME} ring ${ring}`);
      const read = seen.of(consumer, 'RING_CONSUMER', `${NAME} ring ${ring}`);
      assert.is(written['PRODUCER_POSITION'], read['CONSUMER_POSITION']);
      assert.is(written['PADDING_BYTES'], read['PADDING_BYTES']);
      assert.is(read['MESSAGES'], (ring === 0 ? ours : theirs)['FRAMES_SENT']);
    }
    const pool = seen.of(MAIN_THREAD, 'POOL', 'connections');
    const { stats } = countedPoolOfThisThread();
    assert.ok(stats.acquired > 0);
    assert.equal([pool['ACQUIRED'], pool['RELEASED']], [stats.acquired, stats.released]);
    assert.is(pool['BYTES_RESERVED'], stats.bytesTaken);
  }));

test('the credit that one end has granted the other end has received', () =>
  withLink(async ({ worker, peer, snapshot }) => {
    // Streams that end by a cancel: a grant that crosses with a completion is for a stream that is no more.
    await Promise.all([
      readSome(peer.requestStream('100000', { prefetch: 8 }), 100),
      readSome(peer.requestStream('100000', { prefetch: 64 }), 1_000),
      readAll(peer.requestChannel(['a', 'b', 'c'], { prefetch: 10 })),
    ]);
    const { ours } = await whenEqual(worker, snapshot, [['CREDIT_GRANTED', 'CREDIT_RECEIVED']]);
    assert.ok((ours['CREDIT_GRANTED'] as number) >= 1_100);
    assert.is(ours['CREDIT_GRANTED'], ours['CREDIT_GRANTED_SPENT']);
  }));

test('the counters of a thread that was stopped are given back', () =>
  withLink(async ({ worker, peer, snapshot }) => {
    const { threadId } = worker;
    await peer.requestResponse('are all of them there?');
    assert.is((await snapshot()).ownedBy(threadId), 5);
    await worker.terminate();
    assert.is((await snapshot()).ownedBy(threadId), 0);
  }));

async function readAll(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of items);
}

/** Reads `count` items and leaves. */
async function readSome(items: AsyncIterable<unknown>, count: number): Promise<void> {
  let left = count;
  for await (const _ of items) if (--left === 0) break;
}

test.run();
