import * as fc from 'fast-check';
import { encodeCancel, encodePayload, encodeRequestResponse } from 'flysocket/codec';
import { IgnoringSubscriber, SENT, STREAM_CLOSED, TOO_MANY_STREAMS } from 'flysocket/core';
import { FrameFlag } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { payloadOf, type RawScene, rawScene } from './RawEnd.ts';

const test = suite('stream ids');

/** MAX_STREAM_ID. */
const LAST_ODD_ID = 0x7fffffff;
const LAST_EVEN_ID = 0x7ffffffe;
const MANY = 100_000;
const request = payloadOf('q');

/** Opens and ends streams by raw frames, and keeps a set of those that should be open. */
class Model {
  readonly open = new Set<number>();
  readonly scene: RawScene;
  /** Requests that reached the handler, and cancels that reached their stream. */
  begun = 0;
  cancelled = 0;

  constructor() {
    const subscriber = new IgnoringSubscriber();
    subscriber.onCancel = () => {
      this.cancelled++;
    };
    const requestResponse = (): IgnoringSubscriber => {
      this.begun++;
      return subscriber;
    };
    this.scene = rawScene({ handler: { requestResponse } });
  }

  begin(id: number): void {
    const before = this.begun;
    this.#send((buffer, offset) => encodeRequestResponse(buffer, offset, id, request));
    assert.is(this.begun - before, this.open.has(id) ? 0 : 1, `begin ${id}`);
    this.open.add(id);
  }

  cancel(id: number): void {
    const before = this.cancelled;
    this.#send((buffer, offset) => encodeCancel(buffer, offset, id));
    assert.is(this.cancelled - before, this.open.delete(id) ? 1 : 0, `cancel ${id}`);
  }

  answer(id: number): void {
    const expected = this.open.delete(id) ? SENT : STREAM_CLOSED;
    assert.is(this.scene.peer.next(id, request, true), expected, `answer ${id}`);
  }

  check(): void {
    this.scene.crank.run();
    assert.is(this.scene.peer.openStreams, this.open.size);
  }

  #send(encode: Parameters<RawScene['raw']['send']>[0]): void {
    assert.ok(this.scene.raw.send(encode));
    this.scene.crank.run();
    this.scene.raw.frames.length = 0;
  }
}

/** Odd ids that fall into few places of a table of any size, beside ids that are anywhere. */
const ids = fc.oneof(
  fc.integer({ min: 0, max: 30 }).map((i) => i * 2 + 1),
  fc.integer({ min: 0, max: 30 }).map((i) => LAST_ODD_ID - i * 2),
  fc.integer({ min: 0, max: 60 }).map((i) => ((i << 24) | 1) & LAST_ODD_ID),
  fc.integer({ min: 0, max: 60 }).map((i) => (Math.imul(0x144cbc89, i * 128) | 1) & LAST_ODD_ID),
  fc.integer({ min: 0, max: 0x3fffffff }).map((i) => i * 2 + 1),
);

test('streams are found, begun and ended by their ids as in a set', () => {
  const steps = fc.array(fc.tuple(fc.constantFrom('begin', 'begin', 'cancel', 'answer'), ids), { maxLength: 300 });
  fc.assert(
    fc.property(steps, (all) => {
      const model = new Model();
      for (const [action, id] of all) model[action as 'begin' | 'cancel' | 'answer'](id);
      for (const id of [...model.open]) model.answer(id);
      model.check();
      assert.is(model.scene.peer.openStreams, 0);
    }),
    { numRuns: 60 },
  );
});

test(
  '100,000 streams at once',
  () => {
    const model = new Model();
    for (let i = 0; i < MANY; i++) model.begin((Math.imul(i, 0x9e3779b1) & 0x3fffffff) * 2 + 1);
    model.check();
    let i = 0;
    for (const id of [...model.open]) {
      if (i % 3 === 0) model.cancel(id);
      if (i % 3 === 1) model.answer(id);
      i++;
    }
    model.check();
    for (const id of [...model.open]) model.cancel(id);
    model.check();
    assert.is(model.scene.peer.openStreams, 0);
  },
  { timeoutMs: 20_000 },
);

for (const [firstStreamId, last, first] of [
  [LAST_ODD_ID - 4, LAST_ODD_ID, 1],
  [LAST_EVEN_ID - 4, LAST_EVEN_ID, 2],
] as const) {
  test(`ids go from ${last} back to ${first}, around those in use`, () => {
    const { peer, raw, crank } = rawScene({ firstStreamId });
    const subscriber = new IgnoringSubscriber();
    const begin = (): number => peer.requestResponse(request, subscriber);
    assert.equal([begin(), begin(), begin()], [last - 4, last - 2, last]);
    assert.equal([begin(), begin()], [first, first + 2]);
    crank.run();
    assert.equal(
      raw.frames.map(({ streamId }) => streamId),
      [last - 4, last - 2, last, first, first + 2],
    );
  });
}

/** Brings the ids round by 2^30 requests that find no room: each takes an id. That takes up to a minute. */
const isLong = process.env['FLYSOCKET_SPEC_LONG'] !== undefined;
(isLong ? test : test.skip)(
  'ids of live streams are skipped when the ids have come round',
  () => {
    const { peer, raw, crank } = rawScene({ firstStreamId: 1 }, 1_024);
    const subscriber = new IgnoringSubscriber();
    const begin = (): number => peer.requestResponse(request, subscriber);
    const live = Array.from({ length: 10 }, begin);
    for (const id of [5, 11]) {
      raw.send((buffer, offset) => encodePayload(buffer, offset, id, FrameFlag.NEXT | FrameFlag.COMPLETE, request));
    }
    crank.run();
    assert.is(peer.openStreams, 8);
    let taken = live.length;
    while (peer.fireAndForget(request) === SENT) taken++;
    taken++;
    for (; taken < 2 ** 30; taken++) peer.fireAndForget(request);
    crank.run();
    assert.equal([begin(), begin(), begin()], [5, 11, 21]);
  },
  { timeoutMs: 300_000 },
);

test('both sides use ids of their own parity only', () => {
  for (const firstStreamId of [1, 2]) {
    const { peer } = rawScene({ firstStreamId });
    for (let i = 0; i < 50; i++) {
      assert.is(peer.requestResponse(request, new IgnoringSubscriber()), firstStreamId + 2 * i);
    }
  }
});

test('no more than maxStreams are begun', () => {
  const { peer } = rawScene({ maxStreams: 3 });
  const begin = (): number => peer.requestResponse(request, new IgnoringSubscriber());
  assert.equal([begin(), begin(), begin(), begin()], [2, 4, 6, TOO_MANY_STREAMS]);
  assert.is(peer.requestStream(request, 1, new IgnoringSubscriber()), TOO_MANY_STREAMS);
  assert.is(peer.requestChannel(request, 1, true, new IgnoringSubscriber()), TOO_MANY_STREAMS);
  assert.is(peer.fireAndForget(request), SENT, 'takes no stream');
  peer.cancel(4);
  assert.ok(begin() > 0);
});

test.run();
