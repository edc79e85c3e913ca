/**
 * A thread that stops in the midst of something, so that it can be ended exactly there. It says when by the first word
 * of `stage`; the second one counts the items that it has published.
 */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { RequestHandler, ZeroCopyRSocket } from 'flysocket/core';
import { DirectBuffer, PayloadFlyweight } from 'flysocket/flyweight';
import { acceptParent, type RingInvitation } from 'flysocket/shm-transport';
import { Random } from './ringMessages.ts';

export interface DeathOrders {
  readonly stage: SharedArrayBuffer;
  readonly way: Way;
  readonly seed: number;
}

export type Way =
  | 'at random'
  | 'asleep'
  | 'within a handler'
  | 'spinning'
  | 'between claim and commit'
  | 'after a commit, before the flush'
  | 'after the flush, before the doorbell'
  | 'with the wake-up in its hand'
  | 'exit within a handler'
  | 'uncaught error'
  | 'exit'
  | 'end of its program'
  | 'scribbled tail'
  | 'scribbled head'
  | 'scribbled everywhere';

/** Word offsets in `stage`. */
const STOPPED = 0;
const PUBLISHED = 1;
/** Offsets of control words in a ring's trailer, and of a thread's state (docs/wire). */
const TAIL = 128;
const HEAD = 256;
const AWAKE = 0;
const LONGEST_MS = 20_000;

const orders: DeathOrders = workerData;
const stage = new Int32Array(orders.stage);
const random = new Random(orders.seed);
const bytes = new DirectBuffer(new ArrayBuffer(64));
const item = new PayloadFlyweight().wrapData(bytes, 0, 64);
const silent = new Int32Array(new SharedArrayBuffer(4));

let streamId = 0;
let stream: ZeroCopyRSocket | undefined;
let sequence = 0;
let invitation: RingInvitation | undefined;
let parentCell: Int32Array | undefined;

/** Takes the memory of the link as it goes by, to do with it what no link would. */
parentPort?.once('message', (message: RingInvitation) => {
  invitation = message;
  (message.port as MessagePort).once('message', ({ cell }) => {
    parentCell = new Int32Array(cell);
  });
});

const requestHandler: RequestHandler = {
  requestStream(_payload, _n, id, peer) {
    if (stream !== undefined) return undefined;
    streamId = id;
    stream = peer;
    setImmediate(() => WAYS[orders.way]());
    return undefined;
  },
  requestResponse() {
    if (orders.way === 'within a handler') stop();
    if (orders.way === 'spinning') spin();
    if (orders.way === 'exit within a handler') process.exit(7);
    if (orders.way === 'uncaught error') {
      setImmediate(() => {
        throw new TypeError('a bug in the worker');
      });
    }
    return undefined;
  },
};

const { link } = await acceptParent({ requestHandler });

function stop(): void {
  Atomics.store(stage, STOPPED, 1);
  Atomics.wait(silent, 0, 0, LONGEST_MS);
}

function spin(): void {
  Atomics.store(stage, STOPPED, 1);
  const end = performance.now() + LONGEST_MS;
  while (performance.now() < end);
}

/** @returns whether there was room */
function next(): boolean {
  bytes.putInt32(0, sequence + 1);
  if (stream?.next(streamId, item, false) !== 1) return false;
  sequence++;
  return true;
}

function publish(): void {
  link.flush();
  Atomics.store(stage, PUBLISHED, sequence);
}

function sendThree(): void {
  for (let i = 0; i < 3; i++) next();
  publish();
}

function outboundWord(offset: number): { words: Int32Array; at: number } {
  const memory = invitation?.rings[1] as SharedArrayBuffer;
  return { words: new Int32Array(memory), at: (memory.byteLength - 384 + offset) >> 2 };
}

/** Waits until the parent has read what was published, so that what is written next does not lie in its way. */
function awaitConsumed(): void {
  const tail = outboundWord(TAIL);
  const head = outboundWord(HEAD);
  const end = performance.now() + LONGEST_MS;
  while (Atomics.load(head.words, head.at) !== Atomics.load(tail.words, tail.at) && performance.now() < end) {
    Atomics.wait(silent, 0, 0, 1);
  }
}

/** Sends without end, and now and then sleeps or hurries. */
function sendAtRandom(): void {
  for (let left = random.below(60); left > 0 && next(); left--);
  publish();
  const pause = random.below(6);
  if (pause === 0) setTimeout(sendAtRandom, 1);
  else if (pause === 1) Atomics.wait(silent, 0, 0, random.below(300) / 1_000);
  if (pause !== 0) setImmediate(sendAtRandom);
}

const WAYS: Record<Way, () => void> = {
  'at random': sendAtRandom,
  asleep() {
    sendThree();
    setTimeout(() => Atomics.store(stage, STOPPED, 1), 20);
  },
  'within a handler': sendThree,
  spinning: sendThree,
  'between claim and commit'() {
    sendThree();
    const index = link.tryClaim(100, 0);
    link.buffer.putInt32(index, 0x7fffffff);
    stop();
  },
  'after a commit, before the flush'() {
    sendThree();
    next();
    stop();
  },
  'after the flush, before the doorbell'() {
    sendThree();
    setTimeout(() => {
      const { words, at } = outboundWord(TAIL);
      const before = Atomics.load(words, at);
      next();
      // A PAYLOAD frame of 64 bytes of data is 70 bytes long; with its record's header and padding, 80.
      Atomics.store(words, at, before + 80);
      Atomics.store(stage, PUBLISHED, sequence);
      stop();
    }, 20);
  },
  'with the wake-up in its hand'() {
    sendThree();
    setTimeout(() => {
      Atomics.exchange(parentCell as Int32Array, 0, AWAKE);
      stop();
    }, 20);
  },
  'exit within a handler': sendThree,
  'uncaught error': sendThree,
  exit() {
    sendThree();
    process.exit(0);
  },
  'end of its program'() {
    sendThree();
    link.unref();
  },
  'scribbled tail'() {
    sendThree();
    const { words, at } = outboundWord(TAIL);
    Atomics.store(words, at, 0x1234567);
    stop();
  },
  'scribbled head'() {
    sendThree();
    const words = new Int32Array(invitation?.rings[0] as SharedArrayBuffer);
    Atomics.store(words, (words.byteLength - 384 + HEAD) >> 2, -64);
    stop();
  },
  'scribbled everywhere'() {
    sendThree();
    awaitConsumed();
    for (const memory of invitation?.rings ?? []) {
      const words = new Int32Array(memory);
      for (let i = 0; i < words.length; i++) words[i] = random.below(0x7fffffff) * 3;
    }
    invitation?.port.postMessage(0);
    stop();
  },
};
