import type { Handler, Payload, RSocketPeer } from 'flysocket/core';
import * as assert from 'uvu/assert';
import type { ContractScene, ContractTest } from './contractPeers.ts';
import { echo } from './samplePayloads.ts';
import { turn, turns, until } from './until.ts';

const PREFETCH = 16;
/** What a channel's responder is granted ahead of its reading by default, its first item besides. */
const DEFAULT_PREFETCH = 64;
/** One item may have been pulled that found no room. */
const HELD = 1;
const STREAMS = 12;
/** Bytes of a long item, of which every fourth is one. */
const LONG_ITEM = 2_000;
/** What may wait for room, and what the pools may have out: a few items, and what the transport is writing. */
const MAX_QUEUED_BYTES = 65_536;
const MAX_POOLED_BYTES = 2 * 1024 * 1024;

/** Items without end that count how often they were pulled, and notice when they are left. */
class Endless {
  produced = 0;
  isLeft = false;

  *now(): Generator<string> {
    try {
      for (;;) {
        const i = this.produced++;
        yield i % 4 === 3 ? String(i).padEnd(LONG_ITEM) : String(i);
      }
    } finally {
      this.isLeft = true;
    }
  }

  async *later(): AsyncGenerator<string> {
    yield* this.now();
  }
}

/** Answers every stream and channel without end, and keeps the channels' items unread. */
class Tireless implements Handler {
  readonly sources: Endless[] = [];
  readonly unread: AsyncIterable<Payload>[] = [];
  readonly requestResponse = echo;

  requestStream(): Iterable<string> | AsyncIterable<string> {
    return this.#source();
  }

  requestChannel(payloads: AsyncIterable<Payload>): Iterable<string> | AsyncIterable<string> {
    this.unread.push(payloads);
    return this.#source();
  }

  #source(): Iterable<string> | AsyncIterable<string> {
    const endless = new Endless();
    this.sources.push(endless);
    return this.sources.length % 2 === 0 ? endless.now() : endless.later();
  }
}

export function contractFlow(contractTest: ContractTest): void {
  const stopped = new Tireless();
  contractTest('readers who stop: producers stop, and all else goes on', { handler: stopped }, async (scene) => {
    const { client } = scene;
    const sent = Array.from({ length: STREAMS }, () => new Endless());
    const readers = sent.map((endless, i) => begin(client, endless, i));
    const first = await Promise.all(readers.map((reader) => reader.next()));
    for (const { value } of first) assert.is(value.dataUtf8(), '0');
    const memory = new Memory(scene);
    await until(() => stopped.sources.every(({ produced }) => produced >= PREFETCH), 'all have sent what they may');
    for (let i = 0; i < 30; i++) {
      assert.is((await client.requestResponse(String(i))).dataUtf8(), String(i));
      memory.check();
    }
    assertPulled(stopped.sources, 1 + PREFETCH + HELD);
    assertPulled(sent, DEFAULT_PREFETCH + 1 + HELD);
    assert.ok(stopped.sources.every(({ isLeft }) => !isLeft));
    await Promise.all(readers.map((reader) => reader.return?.()));
    await until(() => stopped.sources.every(({ isLeft }) => isLeft), 'the producers were told');
    const begun = sent.filter(({ produced }) => produced > 0);
    await until(() => begun.every(({ isLeft }) => isLeft), 'the producers on this side were told');
  });

  const slow = new Tireless();
  contractTest('slow readers: producers keep their pace, and all else goes on', { handler: slow }, async (scene) => {
    const { client } = scene;
    const memory = new Memory(scene);
    const reads: number[] = [];
    const read = async (i: number): Promise<void> => {
      const reader = begin(client, new Endless(), i);
      reads[i] = 0;
      for await (const payload of reader) {
        assert.is(Number.parseInt(payload.dataUtf8(), 10), reads[i]);
        reads[i] = (reads[i] as number) + 1;
        await turns(1 + (i % 3));
        assertPulled(slow.sources, Math.max(...reads) + PREFETCH + HELD);
        memory.check();
        if (reads[i] === 40) break;
      }
    };
    const reading = Promise.all(Array.from({ length: STREAMS }, (_, i) => read(i)));
    for (let i = 0; i < 20; i++) assert.is((await client.requestResponse(String(i))).dataUtf8(), String(i));
    await reading;
    await until(() => slow.sources.every(({ isLeft }) => isLeft), 'the producers were told');
  });

  const busy = new Tireless();
  contractTest('a reader who takes all holds up nobody', { handler: busy }, async (scene) => {
    const { client } = scene;
    const memory = new Memory(scene);
    const reader = client.requestStream('', { prefetch: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
    let count = 0;
    const reading = (async () => {
      for (let next = await reader.next(); next.done !== true; next = await reader.next()) {
        assert.is(Number.parseInt(next.value.dataUtf8(), 10), count++);
      }
    })();
    for (let i = 0; i < 20; i++) {
      assert.is((await client.requestResponse(String(i))).dataUtf8(), String(i));
      memory.check();
      await turn();
    }
    await until(() => count > 500, 'items flow');
    await reader.return?.();
    await reading;
    await until(() => busy.sources.every(({ isLeft }) => isLeft), 'the producer was told');
  });
}

/** A stream, or a channel with items without end. */
function begin(peer: RSocketPeer, endless: Endless, i: number): AsyncIterableIterator<Payload> {
  if (i % 3 === 0)
    return peer.requestStream('', { prefetch: PREFETCH })[Symbol.asyncIterator]() as AsyncIterableIterator<Payload>;
  const items = i % 3 === 1 ? endless.now() : endless.later();
  return peer.requestChannel(items, { prefetch: PREFETCH })[Symbol.asyncIterator]() as AsyncIterableIterator<Payload>;
}

function assertPulled(sources: readonly Endless[], most: number): void {
  for (const { produced } of sources) assert.ok(produced <= most, `${produced} were pulled, ${most} may be`);
}

/** What both sides hold, which is bounded at any moment. */
class Memory {
  readonly #scene: ContractScene;

  constructor(scene: ContractScene) {
    this.#scene = scene;
  }

  check(): void {
    const { client, server, pools } = this.#scene;
    for (const peer of [client, server]) {
      const { queuedBytes } = peer.zeroCopy;
      assert.ok(queuedBytes <= MAX_QUEUED_BYTES, `${queuedBytes} bytes wait`);
    }
    for (const pool of [pools.client, pools.server]) {
      const { bytesInUse } = pool.stats;
      assert.ok(bytesInUse <= MAX_POOLED_BYTES, `${bytesInUse} bytes are out of the pool ${pool.label}`);
    }
  }
}
