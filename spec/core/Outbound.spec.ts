import { encodeCancel, encodeRequestChannel, encodeRequestResponse, encodeRequestStream } from 'flysocket/codec';
import { IgnoringSubscriber, Peer, SENT, STREAM_CLOSED, type ZeroCopyRSocket } from 'flysocket/core';
import { DirectBuffer, FrameFlag, FrameType, type PayloadFlyweight, RSocketError } from 'flysocket/flyweight';
import { BufferPool } from 'flysocket/pool';
import { BACK_PRESSURED, CLOSED, InProcessConnection } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { HandCrank } from '../tck/HandCrank.ts';
import { Probe } from '../tck/Probe.ts';
import { longPayload, payloadOf, type RawFrame, type RawScene, rawScene } from './RawEnd.ts';

const test = suite('what waits for room');

const CAPACITY = 512;
const REQUESTS_OF_RAW_END = 40;
const ignoring = new IgnoringSubscriber();

/** A responder that has been asked on the odd ids up to `last`, and has answered none. */
function asked(last: number, options: Parameters<typeof rawScene>[0] = {}): RawScene {
  const scene = rawScene({ handler: { requestResponse: () => undefined }, ...options }, CAPACITY);
  for (let id = 1; id <= last; id += 2) {
    scene.raw.send((buffer, offset) => encodeRequestResponse(buffer, offset, id, payloadOf('')));
    scene.crank.run();
  }
  assert.is(scene.peer.openStreams, (last + 1) / 2);
  return scene;
}

/** Runs everything and checks that nothing was left behind. */
function finish({ crank, peer, pool, uncaught }: RawScene): void {
  crank.run();
  assert.is(peer.queuedBytes, 0);
  assert.is(peer.reassemblingBytes, 0);
  pool.assertQuiescent();
  assert.equal(uncaught, []);
}

test('answers that find no room wait, and come in their order', () => {
  const scene = asked(2 * REQUESTS_OF_RAW_END - 1);
  for (let id = 1; id < 2 * REQUESTS_OF_RAW_END; id += 2) {
    assert.is(scene.peer.next(id, payloadOf(`answer ${id}`), true), SENT);
  }
  assert.ok(scene.peer.queuedBytes > 0);
  assert.is(scene.peer.openStreams, 0);
  scene.crank.run();
  assert.equal(
    scene.raw.take(),
    Array.from({ length: REQUESTS_OF_RAW_END }, (_, i) => `PAYLOAD ${2 * i + 1} NC answer ${2 * i + 1}`),
  );
  finish(scene);
});

test('requests and items are refused while answers wait, and find room afterwards', () => {
  const scene = asked(2 * REQUESTS_OF_RAW_END - 1);
  for (let id = 1; id < 2 * REQUESTS_OF_RAW_END; id += 2) scene.peer.next(id, payloadOf('answer'), true);
  assert.is(scene.peer.requestResponse(payloadOf('q'), ignoring), BACK_PRESSURED);
  assert.is(scene.peer.requestResponse(longPayload(2_000), ignoring), BACK_PRESSURED);
  assert.is(scene.peer.fireAndForget(payloadOf('q')), BACK_PRESSURED);
  const calls: string[] = [];
  scene.peer.whenWritable(() => calls.push('first'));
  scene.peer.whenWritable(() => calls.push('second'));
  assert.equal(calls, []);
  scene.crank.run();
  assert.equal(calls, ['first', 'second']);
  assert.ok(scene.peer.fireAndForget(payloadOf('q')) === SENT);
  finish(scene);
});

test('a listener that is refused again comes before those whose turn did not come', () => {
  const scene = rawScene({ firstStreamId: 1 }, CAPACITY);
  const sent: number[] = [];
  const attempt = (i: number): void => {
    if (scene.peer.fireAndForget(longPayload(150)) === SENT) sent.push(i);
    else scene.peer.whenWritable(() => attempt(i));
  };
  for (let i = 0; i < 30; i++) attempt(i);
  assert.ok(sent.length < 5);
  finish(scene);
  assert.equal(
    sent,
    Array.from({ length: 30 }, (_, i) => i),
  );
});

test('a listener that throws is reported, and the others are called', () => {
  const scene = rawScene({ firstStreamId: 1 }, CAPACITY);
  while (scene.peer.fireAndForget(longPayload(100)) === SENT);
  const thrown = new Error('thrown by a listener');
  const calls: string[] = [];
  scene.peer.whenWritable(() => {
    throw thrown;
  });
  scene.peer.whenWritable(() => calls.push('called'));
  scene.crank.run();
  assert.equal(calls, ['called']);
  assert.equal(scene.uncaught.splice(0), [thrown]);
  finish(scene);
});

test('a listener that comes after the end is called at once', () => {
  const scene = rawScene({ firstStreamId: 1 });
  scene.raw.close();
  scene.crank.run();
  let calls = 0;
  scene.peer.whenWritable(() => calls++);
  assert.is(calls, 1);
});

test('streams that were refused take turns', () => {
  const scene = rawScene({ handler: { requestStream: () => new Refused(scene, order) } }, CAPACITY);
  const order: number[] = [];
  for (let id = 1; id <= 19; id += 2) {
    scene.raw.send((buffer, offset) => encodeRequestStream(buffer, offset, id, 1_000, payloadOf('')));
    scene.crank.run();
  }
  for (let id = 1; id <= 19; id += 2) {
    while (scene.peer.next(id, longPayload(60), false) === SENT);
  }
  scene.crank.steps(100);
  const first = order.slice(0, 10);
  assert.equal(
    [...first].sort((a, b) => a - b),
    [1, 3, 5, 7, 9, 11, 13, 15, 17, 19],
    'each has had its turn before any has a second',
  );
  for (let id = 1; id <= 19; id += 2) scene.peer.complete(id);
  finish(scene);
});

/** Sends one item whenever there is room, as long as there is demand. */
class Refused extends IgnoringSubscriber {
  readonly #scene: RawScene;
  readonly #order: number[];

  constructor(scene: RawScene, order: number[]) {
    super();
    this.#scene = scene;
    this.#order = order;
  }

  override onWritable(streamId: number): void {
    this.#order.push(streamId);
    while (this.#scene.peer.next(streamId, longPayload(60), false) === SENT);
  }
}

test('fragments of several payloads take turns, each in its order', () => {
  const scene = asked(5);
  scene.peer.next(1, longPayload(4_000, 'a'), true);
  scene.peer.next(3, longPayload(3_000, 'b'), true);
  scene.peer.next(5, payloadOf('small'), true);
  scene.crank.run();
  const texts = new Map<number, string>();
  const order: number[] = [];
  for (const frame of scene.raw.frames.splice(0)) {
    texts.set(frame.streamId, (texts.get(frame.streamId) ?? '') + frame.text);
    order.push(frame.streamId);
  }
  assert.equal(
    [...texts],
    [
      [1, 'a'.repeat(4_000)],
      [3, 'b'.repeat(3_000)],
      [5, 'small'],
    ],
  );
  const until3 = order.lastIndexOf(3);
  assert.ok(order.indexOf(3) < order.lastIndexOf(1) && order.indexOf(1) < until3, 'they interleave');
  assert.ok(order.indexOf(5) < 6, `the small one did not wait for the long ones: ${order}`);
  finish(scene);
});

/** The frames of stream `id`, put together: the text, and the letters of the flags of the last. */
function gathered(frames: RawFrame[], id: number): { text: string; types: number[]; completes: boolean[] } {
  const own = frames.filter(({ streamId }) => streamId === id);
  return {
    text: own.map(({ text }) => text).join(''),
    types: own.map(({ type }) => type),
    completes: own.map(({ flags }) => (flags & FrameFlag.COMPLETE) !== 0),
  };
}

test('what a stream says after its long request comes after the last fragment', () => {
  const scene = rawScene({ firstStreamId: 1 }, CAPACITY);
  const id = scene.peer.requestChannel(longPayload(3_000, 'q'), 1, false, ignoring);
  scene.peer.request(id, 10);
  scene.peer.complete(id);
  scene.peer.request(id, 20);
  scene.crank.run();
  const { text, types, completes } = gathered(scene.raw.frames, id);
  assert.is(text, 'q'.repeat(3_000));
  assert.is(types[0], FrameType.REQUEST_CHANNEL);
  assert.ok(types.slice(1, -2).every((type) => type === FrameType.PAYLOAD));
  assert.equal(types.slice(-2), [FrameType.REQUEST_N, FrameType.PAYLOAD]);
  assert.is(scene.raw.frames.at(-2)?.n, 30);
  assert.equal(
    completes,
    completes.map((_, i) => i === completes.length - 1),
  );
  scene.peer.cancel(id);
  finish(scene);
});

test('a stream whose long item waits completes after it', () => {
  const probe = Probe.responder();
  const scene = rawScene({ handler: { requestStream: () => probe } }, CAPACITY);
  scene.raw.send((buffer, offset) => encodeRequestStream(buffer, offset, 1, 5, payloadOf('')));
  scene.crank.run();
  assert.is(scene.peer.next(1, longPayload(2_000, 'i'), false), SENT);
  assert.is(scene.peer.next(1, payloadOf('i'), false), BACK_PRESSURED);
  probe.endedHere('outbound');
  scene.peer.complete(1);
  assert.is(scene.peer.openStreams, 0);
  scene.crank.run();
  const { text, completes } = gathered(scene.raw.frames, 1);
  assert.is(text, 'i'.repeat(2_000));
  assert.equal(
    completes,
    completes.map((_, i) => i === completes.length - 1),
  );
  assert.equal(probe.violations, []);
  finish(scene);
});

test('a completion is not lost to a queue entry that serves its stream again', () => {
  const probe = Probe.responder(true);
  const scene = rawScene({ handler: { requestChannel: () => probe } }, CAPACITY);
  scene.raw.send((buffer, offset) => encodeRequestChannel(buffer, offset, 1, 50, false, payloadOf('')));
  scene.crank.run();
  assert.is(scene.peer.next(1, longPayload(2_000, 'i'), false), SENT);
  scene.crank.run();
  assert.is(scene.peer.queuedBytes, 0);
  while (scene.peer.next(1, payloadOf(''), false) === SENT);
  scene.peer.request(1, 3);
  assert.ok(scene.peer.queuedBytes > 0, 'the grant waits');
  scene.peer.complete(1);
  scene.crank.run();
  const last = scene.raw.frames.at(-1);
  assert.is(last?.type, FrameType.PAYLOAD);
  assert.is((last?.flags ?? 0) & FrameFlag.COMPLETE, FrameFlag.COMPLETE);
  scene.peer.cancel(1);
  finish(scene);
});

test('nothing more is sent of a long payload that was cancelled', () => {
  const scene = asked(1);
  scene.peer.next(1, longPayload(5_000), true);
  scene.crank.steps(1);
  scene.raw.send((buffer, offset) => encodeCancel(buffer, offset, 1));
  scene.crank.run();
  const { text } = gathered(scene.raw.frames, 1);
  assert.ok(text.length < 3_000, `${text.length} sent`);
  finish(scene);

  const requester = rawScene({ firstStreamId: 1 }, CAPACITY);
  const id = requester.peer.requestStream(longPayload(5_000), 1, ignoring);
  requester.peer.cancel(id);
  requester.crank.run();
  assert.ok(requester.raw.frames.length <= 3);
  assert.is(requester.raw.frames.at(-1)?.type, FrameType.CANCEL);
  finish(requester);
});

test('the bound of the queue, ENTRY_OVERHEAD_BYTES included, ends the connection', () => {
  const bound = 4_096;
  const probe = Probe.requester();
  const scene = asked(2 * REQUESTS_OF_RAW_END - 1, { maxOutboundBytes: bound });
  assert.ok(scene.peer.requestResponse(payloadOf('q'), probe) > 0);
  let answered = 0;
  for (let id = 1; id < 2 * REQUESTS_OF_RAW_END; id += 2) {
    const result = scene.peer.next(id, longPayload(200), true);
    assert.ok(scene.peer.queuedBytes <= bound, `${scene.peer.queuedBytes} bytes wait`);
    if (result === SENT) answered++;
    else assert.is(result, STREAM_CLOSED);
  }
  assert.ok(answered > 5 && answered < REQUESTS_OF_RAW_END, `${answered} answered`);
  assert.is(scene.peer.fireAndForget(payloadOf('')) < 0, true);
  finish(scene);
  assert.is(scene.raw.closedWith[0]?.code, 'ERR_FLYSOCKET_OUTBOUND_FULL');
  assert.match(scene.raw.closedWith[0]?.message ?? '', `maxOutboundBytes=${bound}`);
  assert.is(probe.error?.code, 'ERR_FLYSOCKET_OUTBOUND_FULL');
  assert.is(scene.peer.requestResponse(payloadOf('q'), ignoring), CLOSED);
  assert.is(scene.peer.openStreams, 0);
});

test('the bound holds for long payloads and for control frames too', () => {
  const long = asked(2 * REQUESTS_OF_RAW_END - 1, { maxOutboundBytes: 10_000 });
  for (let id = 1; id < 2 * REQUESTS_OF_RAW_END; id += 2) {
    long.peer.next(id, longPayload(3_000), true);
    assert.ok(long.peer.queuedBytes <= 10_000, `${long.peer.queuedBytes} bytes wait`);
  }
  finish(long);
  assert.is(long.raw.closedWith[0]?.code, 'ERR_FLYSOCKET_OUTBOUND_FULL');

  const control = rawScene({ firstStreamId: 1, maxOutboundBytes: 2_000 }, CAPACITY);
  const id = control.peer.requestStream(payloadOf(''), 1, ignoring);
  for (let i = 0; i < 200; i++) {
    control.peer.request(id, 1);
    assert.ok(control.peer.queuedBytes <= 2_000);
  }
  finish(control);
  assert.is(control.raw.closedWith[0]?.code, 'ERR_FLYSOCKET_OUTBOUND_FULL');
});

test('a payload that alone exceeds the bound is refused, and nothing else suffers', () => {
  const scene = asked(3, { maxOutboundBytes: 2_000 });
  const isTooLong = (error: RSocketError): boolean => error.code === 'ERR_FLYSOCKET_PAYLOAD_TOO_LONG';
  assert.throws(() => scene.peer.next(1, longPayload(2_000), true), isTooLong);
  assert.throws(() => scene.peer.requestResponse(longPayload(2_000), ignoring), isTooLong);
  assert.is(scene.peer.next(1, longPayload(1_000), true), SENT);
  assert.is(scene.peer.next(3, payloadOf('answer'), true), SENT);
  finish(scene);
});

test('streams that come, are refused room and go leave nothing behind', () => {
  const crank = new HandCrank();
  const [left, right] = InProcessConnection.pair({ capacity: CAPACITY, schedule: crank.schedule });
  const pool = new BufferPool({ slabBytes: 8_192 });
  const item = longPayload(200);
  const requestStream = (_payload: PayloadFlyweight, _n: number, id: number, rsocket: ZeroCopyRSocket): undefined => {
    while (rsocket.next(id, item, false) === SENT);
  };
  const maxCancelsPerSecond = Number.POSITIVE_INFINITY;
  const peer = new Peer(right, { firstStreamId: 2, pool, maxCancelsPerSecond, handler: { requestStream } });
  const beginAndCancel = (count: number): void => {
    for (let id = 1; id < 2 * count; id += 2) {
      let index = left.tryClaim(encodeRequestStream(scratch, 0, id, 9, empty), 0);
      encodeRequestStream(left.buffer, index, id, 9, empty);
      left.commit(index);
      crank.run();
      index = left.tryClaim(encodeCancel(scratch, 0, id), 0);
      encodeCancel(left.buffer, index, id);
      left.commit(index);
      crank.run();
    }
  };
  beginAndCancel(10_000);
  const before = bytesHeld();
  beginAndCancel(100_000);
  const grown = bytesHeld() - before;
  assert.ok(grown < 200_000, `${grown} bytes more`);
  assert.is(peer.openStreams, 0);
});

const scratch = new DirectBuffer(new ArrayBuffer(64));
const empty = payloadOf('');

function bytesHeld(): number {
  if (globalThis.gc === undefined) throw new Error('run node with --expose-gc');
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

test('what waits is given back at the end', () => {
  const scene = asked(2 * REQUESTS_OF_RAW_END - 1);
  for (let id = 1; id < 2 * REQUESTS_OF_RAW_END; id += 2) {
    scene.peer.next(id, longPayload(id % 3 === 0 ? 1_000 : 50), true);
  }
  assert.ok(scene.pool.stats.inUse > 0);
  scene.peer.close(new RSocketError('ERR_FLYSOCKET_SPEC', 'the end'));
  finish(scene);
});

test.run();
