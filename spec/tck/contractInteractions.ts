import type { Handler, Payload, PayloadInit, RSocketPeer } from 'flysocket/core';
import * as assert from 'uvu/assert';
import type { ContractScene, ContractTest } from './contractPeers.ts';
import { assertBytes, assertShape, bytesOf, echo, PAYLOAD_SHAPES } from './samplePayloads.ts';
import { until } from './until.ts';

const TIMES = 10;
const STREAM_LENGTHS = [0, 1, 2, 5, 17, 63, 64, 65, 100, 257];
/** Lengths around what a frame of 64 bytes holds, with and without metadata. */
const EDGE_LENGTHS = [0, 1, ...Array.from({ length: 16 }, (_, i) => 44 + i), 110, 116];

/** Gives back what it is asked with, and keeps what nobody waits for. */
class Echo implements Handler {
  readonly forgotten: Payload[] = [];
  readonly pushed: Payload[] = [];
  readonly requestResponse = echo;

  fireAndForget(payload: Payload): void {
    this.forgotten.push(payload);
  }

  metadataPush(payload: Payload): void {
    this.pushed.push(payload);
  }

  /** As many items as the data says, each with the metadata of the request and its number. */
  *requestStream(payload: Payload): Generator<PayloadInit> {
    const count = Number(payload.dataUtf8());
    for (let i = 0; i < count; i++) yield { metadata: payload.metadata, data: String(i) };
  }

  async *requestChannel(payloads: AsyncIterable<Payload>): AsyncGenerator<Payload> {
    for await (const payload of payloads) yield payload;
  }
}

export function contractInteractions(contractTest: ContractTest): void {
  for (const [name, shape] of Object.entries(PAYLOAD_SHAPES)) {
    const handler = new Echo();
    contractTest(`ten of each interaction, both ways, with ${name}`, { handler }, async (scene) => {
      await Promise.all(bothWays(scene).map((peer) => tenOfEach(peer, shape)));
      await until(() => handler.forgotten.length === 2 * TIMES, 'all that was forgotten has come');
      for (const payload of handler.forgotten) assertShape(payload, shape);
    });
  }

  const pushes = new Echo();
  contractTest('ten metadata pushes, both ways, empty ones among them', { handler: pushes }, async (scene) => {
    const texts = Array.from({ length: TIMES }, (_, i) => 'ü'.repeat(i));
    for (const text of texts) await Promise.all(bothWays(scene).map((peer) => peer.metadataPush(text)));
    await until(() => pushes.pushed.length === 2 * TIMES, 'all that was pushed has come');
    assert.equal(pushes.pushed.map((payload) => payload.metadataUtf8()).sort(), [...texts, ...texts].sort());
    for (const payload of pushes.pushed) assert.is(payload.data.length, 0);
  });

  contractTest('streams of several lengths, side by side', { handler: new Echo() }, async (scene) => {
    const runs = bothWays(scene).flatMap((peer) =>
      STREAM_LENGTHS.flatMap((length) => [undefined, '', 'm'].map((metadata) => stream(peer, length, metadata))),
    );
    await Promise.all(runs);
  });

  contractTest('every length that just fills a fragment', { handler: new Echo() }, async ({ client }) => {
    const requests: Promise<void>[] = [];
    for (const metadataLength of [undefined, ...EDGE_LENGTHS]) {
      for (const dataLength of EDGE_LENGTHS) {
        const metadata = metadataLength === undefined ? undefined : bytesOf(metadataLength, metadataLength);
        const data = bytesOf(dataLength, dataLength);
        const check = (answer: Payload): void => {
          assertBytes(answer.metadata, metadata, `metadata, ${metadataLength} and ${dataLength}`);
          assertBytes(answer.data, data, `data, ${metadataLength} and ${dataLength}`);
        };
        requests.push(client.requestResponse({ metadata, data }).then(check));
      }
    }
    await Promise.all(requests);
  });
}

function bothWays({ client, server }: ContractScene): RSocketPeer[] {
  return [client, server];
}

async function tenOfEach(peer: RSocketPeer, shape: PayloadInit & { metadata?: string; data?: string }): Promise<void> {
  for (let i = 0; i < TIMES; i++) {
    await peer.fireAndForget(shape);
    assertShape(await peer.requestResponse(shape), shape);
    let echoed = 0;
    for await (const payload of peer.requestChannel([shape, shape, shape])) {
      assertShape(payload, shape);
      echoed++;
    }
    assert.is(echoed, 3);
    await stream(peer, i, shape.metadata);
  }
}

async function stream(peer: RSocketPeer, length: number, metadata: string | undefined): Promise<void> {
  let count = 0;
  for await (const payload of peer.requestStream({ metadata, data: String(length) }))
    assertShape(payload, { ...(metadata === undefined ? {} : { metadata }), data: String(count++) });
  assert.is(count, length);
}
