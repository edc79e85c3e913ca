import { encodePayload, encodeRequestResponse } from 'flysocket/codec';
import type { Handler } from 'flysocket/core';
import { ErrorCode, FrameFlag, type PayloadFlyweight } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { longPayload } from '../core/RawEnd.ts';
import {
  cancel,
  error,
  fireAndForget,
  keepAlive,
  metadataPush,
  payload,
  requestN,
  requestResponse,
  requestStream,
  type WriteFrame,
} from '../core/rawFrames.ts';
import { turns, until } from '../tck/until.ts';
import type { DefineAttack } from './attackTests.ts';
import { memoryGrowth } from './memoryGrowth.ts';
import { LINGER_TIMEOUT_MS } from './Target.ts';

const { NEXT, FOLLOWS } = FrameFlag;
const MIB: number = 1024 * 1024;
const never = new Promise<never>(() => {});

/** Ids of requests: they come round again after 30 bits. */
const idOf = (i: number): number => 2 * i + 1;

const stuck: Handler = { requestResponse: () => never, fireAndForget: () => never, metadataPush: () => never };

const request =
  (id: number, body: PayloadFlyweight): WriteFrame =>
  (b, o) =>
    encodeRequestResponse(b, o, id, body);

/** A request that is not whole with this frame. */
const firstFragment =
  (id: number, body: PayloadFlyweight): WriteFrame =>
  (b, o) => {
    const length = request(id, body)(b, o);
    b.putUint16(o + 4, b.getUint16(o + 4) | FOLLOWS);
    return length;
  };

const fragment =
  (id: number, body: PayloadFlyweight): WriteFrame =>
  (b, o) =>
    encodePayload(b, o, id, NEXT | FOLLOWS, body);

const large = longPayload(50_000);
const small = longPayload(200);

/** What a peer can do by sending much, or by not reading. */
export function floodAttacks(attack: DefineAttack): void {
  for (const [what, end] of [
    ['cancels', cancel],
    ['ends with an error', error],
  ] as const) {
    attack(`asks and ${what} at once`, { handler: stuck, maxCancelsPerSecond: 1_000 }, async (target) => {
      const attacker = await target.enter();
      await attacker.flood(100_000, (i) => [requestResponse(idOf(i)), end(idOf(i))]);
      await target.assertEnded('ERR_FLYSOCKET_CANCEL_FLOOD');
    });
  }

  attack(
    'asks and cancels at once, slowly: maxRunningHandlers',
    { handler: stuck, maxRunningHandlers: 10 },
    async (target) => {
      const attacker = await target.enter();
      await attacker.flood(1_000, (i) => [requestResponse(idOf(i)), cancel(idOf(i))]);
      attacker.send(requestResponse(5_001));
      await attacker.untilAnswered(5_001);
      assert.is(attacker.errorOn(5_001), ErrorCode.REJECTED);
    },
  );

  attack(
    'tells and pushes without end: maxRunningHandlers',
    { handler: stuck, maxRunningHandlers: 10 },
    async (target) => {
      const attacker = await target.enter();
      await attacker.flood(50_000, (i) => [i % 2 === 0 ? fireAndForget(idOf(i)) : metadataPush('m')]);
      attacker.send(requestResponse(1));
      await attacker.untilAnswered(1);
      assert.is(attacker.errorOn(1), ErrorCode.REJECTED);
    },
  );

  attack('opens streams without end: maxStreams', { handler: stuck, maxStreams: 50 }, async (target) => {
    const attacker = await target.enter();
    await attacker.flood(1_000, (i) => [requestResponse(idOf(i))]);
    await until(() => attacker.frames.length === 950, 'all but 50 have been rejected');
    assert.ok(attacker.frames.every(({ errorCode }) => errorCode === ErrorCode.REJECTED));
  });

  attack('provokes errors', { maxProvokedErrorsPerSecond: 1_000 }, async (target) => {
    const attacker = await target.enter();
    await attacker.flood(100_000, (i) => [requestStream(idOf(i), 1)]);
    await target.assertEnded('ERR_FLYSOCKET_ERROR_FLOOD');
  });

  attack('asks for KEEPALIVEs and reads none', {}, async (target) => {
    const attacker = await target.enter();
    attacker.deafen();
    const before = target.pooledBytes;
    const growth = await memoryGrowth(() => attacker.flood(20_000, () => [keepAlive(true, longPayload(1_000))]));
    assert.ok(target.pooledBytes - before < 4 * MIB, `${target.pooledBytes - before} bytes of pooled memory`);
    assert.ok(growth < 64 * MIB, `${growth} bytes`);
    assert.equal(target.ends, [], 'it sends, so it lives');
    await target.advance(6_000);
    await target.assertEnded('ERR_FLYSOCKET_PEER_SILENT');
  });

  attack('asks for large things and never reads: maxOutboundBytes', { maxOutboundBytes: 2 * MIB }, async (target) => {
    const attacker = await target.enter();
    attacker.deafen();
    const before = target.pooledBytes;
    await attacker.flood(500, (i) => [request(idOf(i), large)]);
    // Of 25 MB of answers: what waits, rounded up to what the pool has, and what is on its way.
    assert.ok(target.pooledBytes - before < 12 * MIB, `${target.pooledBytes - before} bytes of pooled memory`);
    await target.advance(LINGER_TIMEOUT_MS);
    await target.assertEnded('ERR_FLYSOCKET_OUTBOUND_FULL');
  });

  attack('takes all the credit there is and never reads', { handler: { requestStream: streaming } }, async (target) => {
    const attacker = await target.enter();
    attacker.deafen();
    const before = pulled;
    attacker.send(...Array.from({ length: 50 }, (_, i) => requestStream(idOf(i), 0x7fffffff)));
    await attacker.flood(10_000, (i) => [requestN(idOf(i % 50), 0x7fffffff)]);
    let last = -1;
    while (pulled !== last) {
      last = pulled;
      await turns(20);
      await target.assertServed();
    }
    assert.ok(pulled - before < 40_000, `${pulled - before} items pulled`);
    assert.ok(target.pooledBytes < 4 * MIB, `${target.pooledBytes} bytes are pooled`);
  });

  for (const length of [0, 1, 54]) {
    attack(`sends fragments of ${length} bytes`, {}, async (target) => {
      const attacker = await target.enter(firstFragment(1, longPayload(length)));
      await attacker.flood(20_000, () => [fragment(1, longPayload(length))]);
      await attacker.untilAnswered(1);
      assert.is(attacker.errorOn(1), ErrorCode.INVALID);
      assert.equal(target.ends, []);
    });
  }

  attack('never ends a payload: maxPayloadLength', { maxPayloadLength: 100_000 }, async (target) => {
    const attacker = await target.enter(firstFragment(1, small));
    await attacker.flood(1_000, () => [fragment(1, small)]);
    await attacker.untilAnswered(1);
    assert.is(attacker.errorOn(1), ErrorCode.INVALID);
    assert.ok(target.pooledBytes < 4 * MIB, `${target.pooledBytes} bytes are pooled`);
  });

  const reassembly = { maxReassemblyBytes: MIB, maxProvokedErrorsPerSecond: 500 };
  attack('begins payloads and ends none: maxReassemblyBytes', reassembly, async (target) => {
    const attacker = await target.enter();
    await attacker.flood(100_000, (i) => [firstFragment(idOf(i), small)]);
    await target.assertEnded('ERR_FLYSOCKET_ERROR_FLOOD');
    assert.is(attacker.frames.find(({ errorCode }) => errorCode !== 0)?.errorCode, ErrorCode.REJECTED);
    assert.ok(target.pooledBytes < 4 * MIB, `${target.pooledBytes} bytes are pooled`);
  });

  attack('comes and goes 300 times', { handler: stuck }, async (target) => {
    for (let i = 0; i < 300; i++) {
      const attacker = await target.enter(requestResponse(1), payload(1, NEXT));
      if (i % 2 === 0) attacker.socket.resetAndDestroy();
      else attacker.socket.end();
    }
    await until(() => target.ends.length === 300, 'all have ended');
  });
}

let pulled = 0;

async function* streaming(): AsyncGenerator<string> {
  for (;;) {
    pulled++;
    yield 'i'.repeat(1_000);
  }
}
