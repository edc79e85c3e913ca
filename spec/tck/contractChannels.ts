import type { Handler, Payload, PayloadInit, RSocketPeer } from 'flysocket/core';
import * as assert from 'uvu/assert';
import { COUNTING_HANDLER, countOverChannel } from './CountingChannel.ts';
import type { ContractTest } from './contractPeers.ts';

const COUNTS = [0, 1, 3, 256, 20_000];

const ECHO: Handler = {
  async *requestChannel(payloads) {
    for await (const payload of payloads) yield payload;
  },
};

export function contractChannels(contractTest: ContractTest): void {
  for (const count of COUNTS) {
    contractTest(`a channel of ${count} items, echoed`, { handler: ECHO, timeoutMs: 30_000 }, async ({ client }) => {
      await echoed(client, items(count), count);
      if (count <= 256) await echoed(client, itemsLater(count), count);
    });
    if (count === 0) continue;
    const low = { requestHandler: COUNTING_HANDLER, timeoutMs: 30_000 };
    contractTest(`a channel of ${count} items each way, on the low level`, low, async ({ client }) => {
      await countOverChannel(client.zeroCopy, count);
    });
  }

  contractTest('twenty channels side by side, asked by either side', { handler: ECHO }, async ({ client, server }) => {
    const peers = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? client : server));
    await Promise.all(peers.map((peer, i) => echoed(peer, i % 3 === 0 ? itemsLater(i * 20) : items(i * 20), i * 20)));
  });
}

async function echoed(
  peer: RSocketPeer,
  payloads: Iterable<PayloadInit> | AsyncIterable<PayloadInit>,
  count: number,
): Promise<void> {
  let received = 0;
  for await (const payload of peer.requestChannel(payloads)) assertItem(payload, received++);
  assert.is(received, count);
}

function* items(count: number): Generator<PayloadInit> {
  for (let i = 0; i < count; i++) yield itemOf(i);
}

async function* itemsLater(count: number): AsyncGenerator<PayloadInit> {
  yield* items(count);
}

/** Every third with metadata, one of sixteen too long for a frame of 64 bytes. */
function itemOf(i: number): { data: string; metadata?: string } {
  const data = i % 16 === 15 ? String(i).padEnd(140) : String(i);
  return i % 3 === 0 ? { data, metadata: String(-i) } : { data };
}

function assertItem(payload: Payload, i: number): void {
  const { data, metadata } = itemOf(i);
  if (payload.dataUtf8() !== data) assert.is(payload.dataUtf8(), data);
  if (payload.metadataUtf8() !== metadata) assert.is(payload.metadataUtf8(), metadata);
}
