import type { Handler, Payload } from 'flysocket/core';
import * as assert from 'uvu/assert';
import {
  assertBytes,
  assertNumbers,
  assertShape,
  bytesOf,
  echo,
  numbers,
  numbersLater,
  PAYLOAD_SHAPES,
  textsOf,
} from './samplePayloads.ts';
import { until } from './until.ts';
import type { PeerTest } from './withPeers.ts';

const LONG = Number(process.env['FLYSOCKET_SPEC_ITEMS'] ?? 20_000);
const LENGTHS = [0, 1, 3, 256, LONG];
const LARGEST = 1_500_000;

const ECHO: Handler = {
  requestResponse: echo,
  async *requestStream(payload) {
    yield payload;
    yield payload;
  },
  async *requestChannel(payloads) {
    for await (const payload of payloads) yield payload;
  },
};

export function peerInteractions(peerTest: PeerTest): void {
  const received: string[] = [];
  const small: Handler = {
    requestResponse: (payload) => `re: ${payload.dataUtf8()}`,
    fireAndForget: (payload) => {
      received.push(payload.dataUtf8());
    },
    requestStream: (payload) => [1, 2, 3].map((i) => `${payload.dataUtf8()}.${i}`),
    async *requestChannel(payloads) {
      for await (const payload of payloads) yield payload.dataUtf8().toUpperCase();
    },
  };

  peerTest('ten of each interaction', { handler: small }, async ({ client }) => {
    for (let i = 0; i < 10; i++) {
      assert.is((await client.requestResponse(`r${i}`)).dataUtf8(), `re: r${i}`);
      await client.fireAndForget(`f${i}`);
      assert.equal(await textsOf(client.requestStream(`s${i}`)), [`s${i}.1`, `s${i}.2`, `s${i}.3`]);
      assert.equal(await textsOf(client.requestChannel([`a${i}`, `b${i}`])), [`A${i}`, `B${i}`]);
    }
    await until(() => received.length === 10, 'all was received');
    assert.equal(
      received,
      Array.from({ length: 10 }, (_, i) => `f${i}`),
    );
  });

  for (const [name, shape] of Object.entries(PAYLOAD_SHAPES)) {
    let forgotten: Payload | undefined;
    const handler: Handler = {
      ...ECHO,
      fireAndForget: (payload) => {
        forgotten = payload;
      },
    };
    peerTest(`${name}, there and back`, { handler }, async ({ client }) => {
      assertShape(await client.requestResponse(shape), shape);
      for await (const payload of client.requestStream(shape)) assertShape(payload, shape);
      for await (const payload of client.requestChannel([shape, shape, shape])) assertShape(payload, shape);
      await client.fireAndForget(shape);
      await until(() => forgotten !== undefined, 'it was received');
      assertShape(forgotten as Payload, shape);
    });
  }

  peerTest('payloads of every kind that a caller may have', { handler: ECHO }, async ({ client }) => {
    const bytes = bytesOf(1, 100);
    assertBytes((await client.requestResponse(bytes)).data, bytes);
    assertBytes((await client.requestResponse(bytes.subarray(7, 50))).data, bytes.subarray(7, 50));
    const shared = new Uint8Array(new SharedArrayBuffer(64)).fill(7);
    assertBytes((await client.requestResponse(shared)).data, Uint8Array.from(shared));
    const payload = await client.requestResponse({ metadata: bytes, data: 'text' });
    assertBytes(payload.metadata, bytes);
    const again = await client.requestResponse(payload);
    assertBytes(again.metadata, bytes);
    assert.is(again.dataUtf8(), 'text');
  });

  peerTest(
    'fifty large payloads, also beyond SCRATCH_LENGTH',
    { handler: ECHO, timeoutMs: 60_000 },
    async ({ client }) => {
      for (let i = 0; i < 50; i++) {
        const length = i % 10 === 9 ? LARGEST - i : 900 + i * 1_777;
        const sent = { data: bytesOf(i, length), metadata: i % 3 === 0 ? bytesOf(-i, i * 601) : undefined };
        const answer = await client.requestResponse(sent);
        assertBytes(answer.data, sent.data);
        assertBytes(answer.metadata, sent.metadata);
      }
    },
  );

  peerTest('large items, both ways on channels and among small ones', { handler: ECHO }, async ({ client }) => {
    const items = Array.from({ length: 30 }, (_, i) => bytesOf(i, i % 4 === 0 ? 20_000 + i * 3_001 : i));
    const channel = async (): Promise<void> => {
      let i = 0;
      for await (const payload of client.requestChannel(items, { prefetch: 8 })) assertBytes(payload.data, items[i++]);
      assert.is(i, items.length);
    };
    const stream = async (item: Uint8Array): Promise<void> => {
      let count = 0;
      for await (const payload of client.requestStream(item)) {
        assertBytes(payload.data, item);
        count++;
      }
      assert.is(count, 2);
    };
    const responses = items.map(async (item) => assertBytes((await client.requestResponse(item)).data, item));
    await Promise.all([channel(), channel(), ...items.map(stream), ...responses]);
  });

  peerTest('10,000 request-responses at once', { handler: { requestResponse: echo } }, async ({ client }) => {
    const requests = Array.from({ length: 10_000 }, (_, i) => client.requestResponse(String(i)));
    assertNumbers(
      (await Promise.all(requests)).map((payload) => payload.dataUtf8()),
      10_000,
    );
  });

  peerTest(
    '1,000 request-responses whose answers come later, in another order',
    {
      handler: {
        requestResponse: async (payload) => {
          for (let i = Number(payload.dataUtf8()) % 7; i > 0; i--) await undefined;
          return payload;
        },
      },
    },
    async ({ client }) => {
      const requests = Array.from({ length: 1_000 }, (_, i) => client.requestResponse(String(i)));
      assertNumbers(
        (await Promise.all(requests)).map((payload) => payload.dataUtf8()),
        1_000,
      );
    },
  );

  const forgotten: string[] = [];
  peerTest(
    '5,000 fire-and-forgets, in their order',
    {
      handler: {
        fireAndForget: (payload) => {
          forgotten.push(payload.dataUtf8());
        },
      },
    },
    async ({ client }) => {
      await Promise.all(Array.from({ length: 5_000 }, (_, i) => client.fireAndForget(String(i))));
      await until(() => forgotten.length === 5_000, 'all was received');
      assertNumbers(forgotten, 5_000);
    },
  );

  const streams: Handler = {
    requestStream: (payload) => {
      const count = Number(payload.dataUtf8());
      return payload.metadata === undefined ? numbers(count) : numbersLater(count);
    },
    async *requestChannel(payloads) {
      for await (const payload of payloads) yield payload;
    },
  };
  for (const count of LENGTHS) {
    peerTest(`request-streams of ${count} items`, { handler: streams, timeoutMs: 60_000 }, async ({ client }) => {
      assertNumbers(await textsOf(client.requestStream(String(count))), count);
      const later = client.requestStream({ data: String(count), metadata: 'later' });
      assertNumbers(await textsOf(later), count);
      assertNumbers(await textsOf(client.requestStream(String(count), { prefetch: 1 })), count);
    });

    peerTest(`request-channels of ${count} items each way`, { handler: streams, timeoutMs: 60_000 }, async (scene) => {
      const { client } = scene;
      assertNumbers(await textsOf(client.requestChannel(numbers(count))), count);
      assertNumbers(await textsOf(client.requestChannel(numbersLater(count), { prefetch: 3 })), count);
    });
  }

  peerTest('fifty streams side by side', { handler: streams }, async ({ client }) => {
    const counts = Array.from({ length: 50 }, (_, i) => i * 7);
    const all = await Promise.all(counts.map((count) => textsOf(client.requestStream(String(count)))));
    all.forEach((texts, i) => {
      assertNumbers(texts, counts[i] as number);
    });
  });

  peerTest(
    'calls both ways over one connection, and calls within calls',
    {
      handler: {
        requestResponse: async (payload, { peer }) => `server<${(await peer.requestResponse(payload)).dataUtf8()}>`,
        requestStream: (payload, { peer }) => peer.requestStream(payload),
      },
      clientHandler: {
        requestResponse: (payload) => `client<${payload.dataUtf8()}>`,
        requestStream: (payload) => numbers(Number(payload.dataUtf8())),
      },
    },
    async ({ client, server }) => {
      const calls = Array.from({ length: 100 }, async (_, i) => {
        assert.is((await client.requestResponse(`${i}`)).dataUtf8(), `server<client<${i}>>`);
        assert.is((await server.requestResponse(`${i}`)).dataUtf8(), `client<${i}>`);
        assertNumbers(await textsOf(client.requestStream(`${i}`)), i);
        assertNumbers(await textsOf(server.requestStream(`${i}`)), i);
      });
      await Promise.all(calls);
    },
  );
}
