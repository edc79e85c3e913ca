/** Large payloads between threads that share memory: where they lie, whose they are, and what becomes of them. */
import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { IgnoringSubscriber, type RequestHandler } from 'flysocket/core';
import { LinkCounter } from 'flysocket/counters';
import { DirectBuffer, PayloadFlyweight, type RSocketError } from 'flysocket/flyweight';
import type { PooledBuffer } from 'flysocket/pool';
import {
  connectWorker,
  HEADROOM_LENGTH,
  SHARED_BLOCKS_BYTES,
  SharedBlocks,
  type ShmLink,
  type WorkerPeer,
} from 'flysocket/shm-transport';
import { NO_PLACE } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { RecordingHandler } from '../tck/RecordingHandler.ts';
import { until } from '../tck/until.ts';
import { errorOf, largePayload, linkOver, linkPair, peerPair, withWorker } from './linkSupport.ts';

const test = suite('large payloads by reference');
const ECHO = new URL('./byReferenceEcho.worker.js', import.meta.url);
const MIB = 1_048_576;
const ours = SharedBlocks.ofThisThread();
const DATA = largePayload(MIB, 3);

const isQuiet = (): boolean => {
  ours.sweep();
  return ours.stats.inUse === 0;
};
const fragmentsSent = (peer: WorkerPeer): number => peer.link.counters.get(LinkCounter.FRAGMENTS_SENT);
const payloadOf = (held: PooledBuffer): PayloadFlyweight =>
  new PayloadFlyweight().clear().wrapData(held.buffer, held.offset, held.length);

/** Sends until the other side has said that it sees this thread's blocks. */
async function acquaint(peer: WorkerPeer): Promise<void> {
  for (let before = -1; before !== fragmentsSent(peer); ) {
    before = fragmentsSent(peer);
    assert.equal((await peer.requestResponse(DATA)).data.length, MIB);
  }
}

function withEcho(use: (peer: WorkerPeer, worker: Worker) => Promise<void>): Promise<void> {
  return withWorker(ECHO, undefined, async (worker) => {
    const peer = await connectWorker(worker);
    await acquaint(peer);
    await use(peer, worker);
    peer.destroy();
    await until(isQuiet, 'every block is back');
  });
}

/** Sends what is held, and resolves with what `onNext` made of the answer. */
function ask<T>(peer: WorkerPeer, payload: PayloadFlyweight, onAnswer: (payload: PayloadFlyweight) => T): Promise<T> {
  return new Promise((resolve, reject) => {
    class Answer extends IgnoringSubscriber {
      override onNext(answer: PayloadFlyweight): void {
        resolve(onAnswer(answer));
      }
      override onError(error: RSocketError): void {
        reject(error);
      }
    }
    assert.ok(peer.zeroCopy.requestResponse(payload, new Answer()) > 0);
  });
}

test('goes whole from when the other side sees this one, in fragments before', () =>
  withEcho(async (peer) => {
    const before = fragmentsSent(peer);
    assert.ok(before > 0);
    const answer = await peer.requestResponse({ data: DATA, metadata: 'm' });
    assert.equal(answer.data, DATA);
    assert.is(answer.metadataUtf8(), 'm');
    assert.is(fragmentsSent(peer), before);
  }));

test('data in shared memory is read there, and comes back from there', () =>
  withEcho(async (peer) => {
    const held = peer.allocate(MIB);
    held.buffer.putBytes(held.offset, DATA);
    const isSame = await ask(peer, payloadOf(held), (payload) => {
      const { dataBuffer, dataOffset, dataLength } = payload;
      assert.equal(payload.dataBuffer.slice(dataOffset, dataLength), DATA);
      return dataBuffer === held.buffer && dataOffset === held.offset && dataLength === MIB;
    });
    assert.ok(isSame);
    held.release();
    assert.ok(isQuiet());
  }));

test('metadata that the headroom cannot take costs a copy', () =>
  withEcho(async (peer) => {
    for (const [length, isInPlace] of [
      [HEADROOM_LENGTH - 9, true],
      [HEADROOM_LENGTH - 8, false],
    ] as const) {
      const held = peer.allocate(MIB);
      held.buffer.putBytes(held.offset, DATA);
      const metadata = new DirectBuffer(largePayload(length, 5));
      const payload = payloadOf(held).wrapMetadata(metadata, 0, length);
      const place = await ask(peer, payload, ({ dataBuffer, dataOffset, dataLength, metadataLength }) => {
        assert.is(metadataLength, length);
        assert.equal(dataBuffer.slice(dataOffset, dataLength), DATA);
        return dataOffset;
      });
      assert.is(place === held.offset, isInPlace);
      held.release();
    }
  }));

test('what comes back is kept in place by who asks for it, and may go out again', () =>
  withEcho(async (peer) => {
    const held = peer.allocate(MIB);
    held.buffer.putBytes(held.offset, DATA);
    let again = await ask(peer, payloadOf(held), (payload) => peer.zeroCopy.retain(payload));
    held.release();
    for (let round = 0; round < 5; round++) {
      const before = again as PooledBuffer;
      assert.not(isQuiet());
      again = await ask(peer, payloadOf(before), (payload) => peer.zeroCopy.retain(payload));
      assert.is(again?.offset, before.offset);
      before.release();
    }
    assert.equal(again?.buffer.slice(again.offset, again.length), DATA);
    again?.release();
    assert.ok(isQuiet());
  }));

test('what is released or sent on while its frame is shown is in use until that has been read', () =>
  withEcho(async (peer) => {
    const held = peer.allocate(MIB);
    held.buffer.putBytes(held.offset, DATA);
    const isOut = await ask(peer, payloadOf(held), () => {
      held.release();
      const isInUse = ours.stats.inUse === 1;
      const other = peer.allocate(MIB);
      const isApart = other.offset !== held.offset;
      other.release();
      return isInUse && isApart;
    });
    assert.ok(isOut);
    assert.ok(isQuiet());

    const again = peer.allocate(MIB);
    const back = await new Promise<unknown>((resolve, reject) => {
      ask(peer, payloadOf(again), (payload) => {
        again.release();
        class Second extends IgnoringSubscriber {
          override onNext(answer: PayloadFlyweight): void {
            resolve(answer.dataLength);
          }
          override onError(error: RSocketError): void {
            reject(error);
          }
        }
        peer.zeroCopy.requestResponse(payload, new Second());
      }).catch(reject);
    });
    assert.is(back, MIB);
    await until(isQuiet, 'it is back');
  }));

test('what a peer keeps is back when it lets go, and when its thread ends', () =>
  withEcho(async (peer, worker) => {
    await peer.fireAndForget('keep 2');
    for (let i = 0; i < 2; i++) assert.is((await peer.requestResponse(DATA)).dataUtf8(), 'kept');
    await peer.requestResponse(DATA);
    ours.sweep();
    assert.is(ours.stats.inUse, 2);
    await peer.fireAndForget('let go');
    await until(isQuiet, 'what was let go is back');

    await peer.fireAndForget('keep 1');
    await peer.requestResponse(DATA);
    assert.not(isQuiet());
    const ended = once(worker, 'exit');
    await peer.fireAndForget('exit');
    await ended;
    assert.is((await peer.onClose)?.code, 'ERR_FLYSOCKET_PEER_DIED');
    assert.ok(isQuiet());
  }));

test('what a peer keeps beyond an orderly end is back when its thread ends', () =>
  withWorker(ECHO, undefined, async (worker) => {
    const peer = await connectWorker(worker);
    await acquaint(peer);
    await peer.fireAndForget('keep 1');
    await peer.requestResponse(DATA);
    await peer.close();
    assert.not(isQuiet(), 'the peer may still read it');
    await worker.terminate();
    assert.ok(isQuiet());
  }));

test('where there is no room left it goes in fragments', () =>
  withEcho(async (peer) => {
    const all: PooledBuffer[] = [];
    for (let held = ours.tryAllocate(4 * MIB); held !== undefined; held = ours.tryAllocate(4 * MIB)) all.push(held);
    assert.is(all.length, SHARED_BLOCKS_BYTES / (4 * MIB) - 1);
    for (let held = ours.tryAllocate(MIB); held !== undefined; held = ours.tryAllocate(MIB)) all.push(held);
    const before = fragmentsSent(peer);
    const fallback = peer.allocate(MIB);
    assert.is.not(fallback.buffer, ours.memory);
    fallback.buffer.putBytes(fallback.offset, DATA);
    assert.equal((await peer.requestResponse({ data: fallback })).data, DATA);
    assert.ok(fragmentsSent(peer) > before);
    for (const held of [...all, fallback]) held.release();
  }));

test('streams and channels carry large items, both ways, many at once', async () => {
  const items = [1, 2, 3, 4, 5].map((seed) => largePayload(200_000 + seed, seed));
  const handler = {
    requestStream: () => items,
    async *requestChannel(payloads: AsyncIterable<{ data: Uint8Array }>) {
      for await (const { data } of payloads) yield data;
    },
  };
  const [left, right] = await peerPair({}, { handler }, 262_144);
  await Promise.all([left, right].map((peer) => errorOf(peer.requestResponse(DATA))));
  const [stream, channel] = await Promise.all(
    [left.requestStream('', { prefetch: 2 }), left.requestChannel(items)].map(async (payloads) => {
      const all: Uint8Array[] = [];
      for await (const { data } of payloads) all.push(data);
      return all;
    }),
  );
  assert.equal(stream, items);
  assert.equal(channel, items);
  await Promise.all([left.close(), right.close()]);
  assert.ok(isQuiet());
});

for (const [side, left, right] of [
  ['the sender', false, true],
  ['the receiver', true, false],
] as const) {
  test(`goes in fragments where ${side} does not want it`, async () => {
    const requestHandler: RequestHandler = {
      requestResponse: (payload, streamId, peer) => {
        assert.is(peer.retain(payload), undefined);
        peer.next(streamId, payload, true);
        return undefined;
      },
    };
    const [client, server] = await peerPair({ byReference: left }, { byReference: right, requestHandler }, 262_144);
    for (let i = 0; i < 3; i++) {
      const before = fragmentsSent(client);
      assert.equal((await client.requestResponse(DATA)).data, DATA);
      assert.ok(fragmentsSent(client) > before);
    }
    await Promise.all([client.close(), server.close()]);
    assert.ok(isQuiet());
  });
}

test('a limit for frames is a limit for these too', async () => {
  const handler = { requestResponse: (payload: { data: Uint8Array }) => payload.data };
  const [left, right] = await peerPair({ maxFrameLength: 1_024 }, { handler }, 262_144);
  for (let i = 0; i < 3; i++) {
    const before = fragmentsSent(left);
    assert.equal((await left.requestResponse(DATA)).data, DATA);
    assert.is(fragmentsSent(left), before + Math.ceil(MIB / (1_024 - 6)));
  }
  await Promise.all([left.close(), right.close()]);
});

/** Both ends of a link that know of each other's blocks. */
async function acquaintedLinks(): Promise<{ left: ShmLink; right: ShmLink; ring0: Int32Array; got: RecordingHandler }> {
  const links = await linkOver(262_144);
  const got = new RecordingHandler();
  links.left.receive(new RecordingHandler());
  links.right.receive(got);
  await until(() => claimLarge(links.left) >= 0, 'the offer is answered');
  return { ...links, got };
}

const LENGTH = 100_000;
const NOTHING = new PayloadFlyweight().clear();
/** Claims a place and gives it back. */
function claimLarge(link: ShmLink): number {
  const index = link.tryClaimLarge(LENGTH, 0, NOTHING);
  if (index >= 0) link.abort(index);
  return index;
}

test('a claim that is given back leaves nothing behind', async () => {
  const { left, right } = await acquaintedLinks();
  const { buffer } = left;
  for (let i = 0; i < 3; i++) claimLarge(left);
  assert.is(left.buffer, buffer);
  assert.is(left.tryClaimLarge(left.maxFrameLength, 0, NOTHING), NO_PLACE);
  assert.is(left.tryClaimLarge(2 ** 24, 0, NOTHING), NO_PLACE);
  const index = left.tryClaimLarge(LENGTH, 3, NOTHING);
  assert.is(index & 7, 3);
  assert.throws(() => left.tryClaim(10, 0), /already open/);
  assert.throws(() => left.tryClaimLarge(LENGTH, 0, NOTHING), /already open/);
  left.close();
  assert.is(left.buffer, buffer);
  assert.ok(isQuiet(), 'the end took the open claim with it');
  await right.onClose;
});

test('what nobody has read comes back when the link ends', async () => {
  const [left, right] = await linkPair(262_144);
  left.receive(new RecordingHandler());
  right.receive(new RecordingHandler());
  await until(() => claimLarge(left) >= 0, 'the offer is answered');
  const index = left.tryClaimLarge(LENGTH, 0, NOTHING);
  left.buffer.bytes.fill(7, index, index + LENGTH);
  left.commit(index);
  left.flush();
  assert.not(isQuiet());
  right.close();
  await left.onClose;
  assert.ok(isQuiet());
});

const BEYOND = 0x7fff_0000;
/** First chunk, chunks, offset, length: what is undefined stays true. */
type Words = readonly (number | undefined)[];
const LIES: ReadonlyArray<[name: string, type: number, words: Words]> = [
  ['a chunk that there is not', 9, [1 << 20]],
  ['a negative chunk', 9, [-1]],
  ['more chunks than there are', 9, [undefined, 1 << 20]],
  ['no chunks', 9, [undefined, 0]],
  ['an offset ahead of the block', 9, [undefined, undefined, 64]],
  ['a length that leads out', 9, [undefined, undefined, undefined, BEYOND]],
  ['a negative length', 9, [undefined, undefined, undefined, -BEYOND]],
  ['a block of the receiver that was never sent', 10, []],
  ['another type', 11, []],
];
for (const [name, type, words] of LIES) {
  test(`the link ends at a reference to ${name}`, async () => {
    const { left, right, ring0, got } = await acquaintedLinks();
    left.commit(left.tryClaimLarge(LENGTH, 0, NOTHING));
    const record = findRecord(ring0);
    ring0[record + 1] = type;
    for (const [i, word] of words.entries()) if (word !== undefined) ring0[record + 2 + i] = word;
    left.flush();
    const error = await right.onClose;
    assert.is(error?.code, 'ERR_FLYSOCKET_RING_CORRUPT');
    assert.is(got.frames.length, 0);
    await left.onClose;
    await until(isQuiet, 'the block is back');
  });
}

/** Index, in words, of the last record that says where a block is. */
function findRecord(ring: Int32Array): number {
  for (let i = ring.length - 2; i >= 0; i--) if (ring[i] === 24 && ring[i + 1] === 9) return i;
  throw new Error('no such record');
}

test('data that is not shared is copied from any memory', async () => {
  const handler = { requestResponse: (payload: { data: Uint8Array }) => payload.data };
  const [left, right] = await peerPair({}, { handler }, 262_144);
  for (let shift = 0; shift < 8; shift++) {
    const data = new DirectBuffer(DATA, shift, 100_000);
    assert.equal((await left.requestResponse({ data: data.bytes })).data, DATA.subarray(shift, shift + 100_000));
  }
  await Promise.all([left.close(), right.close()]);
  assert.ok(isQuiet());
});

test.run();
