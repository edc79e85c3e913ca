import { encodePayload, encodeRequestN, encodeRequestStream } from 'flysocket/codec';
import { IgnoringSubscriber, MAX_REQUEST_N, NO_DEMAND, SENT } from 'flysocket/core';
import { BlockKind, CounterBlock, LinkCounter } from 'flysocket/counters';
import { FrameFlag } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { Probe } from '../tck/Probe.ts';
import { payloadOf, type RawScene, rawScene } from './RawEnd.ts';

const test = suite('demand');
const item = payloadOf('item');

/** A requester whose stream 1 the raw end answers. */
function requester(initialRequestN: number): RawScene & { probe: Probe; sendItem(): void } {
  const counters = CounterBlock.unregistered(BlockKind.LINK, 'spec');
  const scene = rawScene({ firstStreamId: 1, counters });
  const probe = Probe.requester();
  assert.is(scene.peer.requestStream(item, initialRequestN, probe), 1);
  scene.crank.run();
  return {
    ...scene,
    probe,
    sendItem() {
      scene.raw.send((buffer, offset) => encodePayload(buffer, offset, 1, FrameFlag.NEXT, item));
      scene.crank.run();
    },
  };
}

test('what exceeds 31 bits is granted as 2^31 - 1 on the wire', () => {
  for (const n of [MAX_REQUEST_N, 2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY]) {
    const { raw } = requester(n);
    assert.equal(raw.take(), [`REQUEST_STREAM 1 ${MAX_REQUEST_N} item`]);
  }
});

test('grants add up to what was asked for, and no further', () => {
  const { peer, raw, crank } = requester(1);
  for (const n of [1, 2, 1_000_000, 2 ** 30]) peer.request(1, n);
  crank.run();
  assert.equal(raw.take().slice(1), [
    'REQUEST_N 1 1',
    'REQUEST_N 1 2',
    'REQUEST_N 1 1000000',
    `REQUEST_N 1 ${2 ** 30}`,
  ]);
  peer.request(1, 2 ** 30);
  crank.run();
  assert.equal(raw.take(), [], 'the peer has plenty left');
});

test('no more than 2^31 - 1 is ever outstanding', () => {
  const { peer, raw, crank } = requester(1);
  peer.request(1, 2 ** 30 - 2);
  peer.request(1, 2 ** 50);
  crank.run();
  assert.equal(raw.take().slice(1), [`REQUEST_N 1 ${2 ** 30 - 2}`, `REQUEST_N 1 ${2 ** 30}`]);
  for (let i = 0; i < 10; i++) peer.request(1, MAX_REQUEST_N);
  crank.run();
  assert.equal(raw.take(), []);
});

test('demand without end is granted anew at half: REPLENISH_BELOW', () => {
  const half = 2 ** 30;
  const { peer, raw, crank, probe, sendItem } = requester(half);
  peer.request(1, MAX_REQUEST_N);
  crank.run();
  assert.equal(raw.take().slice(1), [], 'more than half is left');
  sendItem();
  assert.equal(raw.take(), [`REQUEST_N 1 ${half}`], 'filled up to 2^31 - 1');
  sendItem();
  assert.equal(raw.take(), []);
  assert.equal(probe.signals, ['next', 'next']);
});

test('demand with an end is granted once', () => {
  const { peer, raw, crank, probe, sendItem } = requester(2);
  peer.request(1, 1);
  crank.run();
  assert.is(raw.take().length, 2);
  for (let i = 0; i < 3; i++) sendItem();
  assert.equal(raw.take(), []);
  assert.equal(probe.signals, ['next', 'next', 'next']);
  sendItem();
  assert.equal(raw.take(), ['ERROR 1 204 the peer sent an item beyond its credit: streamId=1', 'CANCEL 1']);
  assert.is(probe.error?.code, 'ERR_FLYSOCKET_OVER_CREDIT');
  assert.is(peer.openStreams, 0);
});

/** A responder whose stream 1 the raw end asks for. */
function responder(
  initialRequestN: number,
): RawScene & { probe: Probe; grant(n: number): void; counters: CounterBlock } {
  const probe = Probe.responder();
  const counters = CounterBlock.unregistered(BlockKind.LINK, 'spec');
  const scene = rawScene({ counters, handler: { requestStream: () => probe } }, 4_096);
  scene.raw.send((buffer, offset) => encodeRequestStream(buffer, offset, 1, initialRequestN, item));
  scene.crank.run();
  return {
    ...scene,
    probe,
    counters,
    grant(n) {
      scene.raw.send((buffer, offset) => encodeRequestN(buffer, offset, 1, n));
      scene.crank.run();
    },
  };
}

test('received grants add up beyond 31 bits', () => {
  const { probe, grant, counters } = responder(MAX_REQUEST_N - 1);
  for (let i = 0; i < 5; i++) grant(MAX_REQUEST_N - 1);
  assert.is(probe.demand, 5 * (MAX_REQUEST_N - 1));
  assert.is(counters.get(LinkCounter.CREDIT_RECEIVED), 6 * (MAX_REQUEST_N - 1));
});

test('a grant of 2^31 - 1 is without end, before and after others', () => {
  for (const grants of [[MAX_REQUEST_N], [1, MAX_REQUEST_N], [MAX_REQUEST_N, 1]]) {
    const { peer, crank, raw, grant } = responder(grants[0] as number);
    for (const n of grants.slice(1)) grant(n);
    for (let i = 0; i < 200; i++) {
      if (peer.next(1, item, false) !== SENT) crank.run();
    }
    crank.run();
    assert.ok(raw.take().length > 150);
  }
});

test('refused items use no credit', () => {
  const { peer, crank, raw } = responder(100);
  let sent = 0;
  for (let attempts = 0; sent < 100; attempts++) {
    if (peer.next(1, item, false) === SENT) sent++;
    else crank.run();
    assert.ok(attempts < 1_000);
  }
  assert.is(peer.next(1, item, false), NO_DEMAND);
  crank.run();
  assert.is(raw.take().length, 100);
});

test('credit that lapses with its stream is settled in the counters', () => {
  const { peer, counters, grant } = responder(10);
  grant(MAX_REQUEST_N);
  for (let i = 0; i < 4; i++) assert.is(peer.next(1, item, false), SENT);
  peer.complete(1);
  assert.is(counters.get(LinkCounter.CREDIT_RECEIVED), counters.get(LinkCounter.CREDIT_RECEIVED_SPENT));
  const other = requester(1_000);
  other.sendItem();
  other.peer.cancel(1);
  const { counters: block } = other.peer;
  assert.is(block.get(LinkCounter.CREDIT_GRANTED), 1_000);
  assert.is(block.get(LinkCounter.CREDIT_GRANTED_SPENT), 1_000);
});

const isLong = process.env['FLYSOCKET_SPEC_LONG'] !== undefined;
/** More items than 31 bits count, handed in one by one: that takes minutes. */
(isLong ? test : test.skip)(
  'a stream outlives 2^31 items',
  () => {
    const { peer, raw, crank, pool } = rawScene({ firstStreamId: 1 }, 1_048_576);
    let items = 0;
    const counting = new IgnoringSubscriber();
    counting.onNext = () => {
      items++;
    };
    const id = peer.requestStream(item, MAX_REQUEST_N, counting);
    crank.run();
    let granted = MAX_REQUEST_N;
    const empty = payloadOf('');
    for (let sent = 0; sent < 2 ** 31 + 1_000; ) {
      while (raw.send((buffer, offset) => encodePayload(buffer, offset, id, FrameFlag.NEXT, empty))) sent++;
      crank.run();
      for (const { n } of raw.frames.splice(0)) granted += n;
      assert.ok(granted - sent > 0);
      assert.is(items, sent);
    }
    peer.cancel(id);
    pool.assertQuiescent();
  },
  { timeoutMs: 1_800_000 },
);

test.run();
