import type { AddressInfo } from 'node:net';
import { TcpClientTransport, TcpServerTransport } from 'flysocket/compat/rsocket-core';
import type { RSocketError } from 'flysocket/flyweight';
import { type Cancellable, type ClientTransport, RSocketConnector } from 'rsocket-core';
import { TcpClientTransport as OriginalTcpClientTransport } from 'rsocket-tcp-client';
import * as assert from 'uvu/assert';
import { errorCodeOf } from '../../interop/errorCodeOf.ts';
import { type FlysocketEnd, flysocket } from '../../interop/flysocket.ts';
import { item, textOf } from '../../interop/Item.ts';
import { withEnds } from '../../interop/withEnds.ts';
import { suite } from '../../support/suite.ts';
import { bytesOf } from '../../tck/samplePayloads.ts';
import { turns, until } from '../../tck/until.ts';
import { askText, type Bound, bindAlpha, connectAlpha } from './alphaKit.ts';
import { compatAlpha3, shmAlpha3 } from './compatAlpha3.ts';

const test = suite('compat/rsocket-core: sessions');
const HOST = '127.0.0.1';
const shm = shmAlpha3();

async function withTcpServer(body: (port: number, bound: Bound) => Promise<void>, options = {}): Promise<void> {
  const listenOptions = { port: 0, host: HOST };
  const bound = await bindAlpha(new TcpServerTransport({ listenOptions, ...options }));
  try {
    await body((bound.closeable.address as AddressInfo).port, bound);
  } finally {
    for (const { rsocket } of bound.ends) rsocket.close();
    bound.close();
  }
}

const RESUME = { tokenGenerator: () => Buffer.from('token'), reconnectFunction: () => Promise.resolve() };

test('a connector with `resume` is refused at once, by every transport', () =>
  withTcpServer(async (port, bound) => {
    const transport = new TcpClientTransport({ connectionOptions: { port, host: HOST } });
    const refused = connectAlpha(transport, { resume: RESUME });
    assert.is(await refused.catch((error: RSocketError) => error.code), 'ERR_FLYSOCKET_NO_RESUMPTION');
    assert.is(await askText(await connectAlpha(transport), 'without'), 'without');
    assert.is(bound.ends.length, 1);
  }));

test('a client of the original that asks for resumption is told no, and ends', () =>
  withTcpServer(async (port, bound) => {
    let attempts = 0;
    const resume = {
      ...RESUME,
      reconnectFunction: async () => {
        if (attempts++ > 0) throw new Error('no further attempt');
      },
    };
    const transport = new OriginalTcpClientTransport({ connectionOptions: { port, host: HOST, noDelay: true } });
    const client = await connectAlpha(transport as unknown as ClientTransport, { resume });
    await client.closed;
    assert.is(bound.ends.length, 0);
    assert.is(
      await askText(await connectAlpha(new TcpClientTransport({ connectionOptions: { port, host: HOST } })), '1'),
      '1',
    );
  }));

for (const [what, asker, answerer, link] of [
  ['ours is the client', compatAlpha3, flysocket, 'tcp'],
  ['ours is the client', compatAlpha3, flysocket, 'ws'],
] as const) {
  test(`leases: no more requests than are granted, ${what}, over ${link}`, () =>
    withEnds(
      {
        client: asker,
        server: answerer,
        link,
        clientSettings: { lease: {} },
        serverSettings: { lease: { requests: 2 } },
      },
      async ({ client, server }) => {
        await client.requestResponse(item('1')).response;
        assert.is(textOf(await client.requestResponse(item('2')).response), '2');
        let outcome: string | undefined;
        const third = client.requestResponse(item('3')).response.then(textOf);
        third.then((text) => {
          outcome = text;
        });
        await turns(20);
        assert.is(outcome, undefined);
        (server as FlysocketEnd).peer.grantLease({ requests: 1, ttlMs: 60_000 });
        assert.is(await third, '3');
      },
    ));
}

for (const link of ['tcp', 'ws'] as const) {
  test(`a METADATA_PUSH is taken, and the connection goes on, over ${link}`, () =>
    withEnds({ client: flysocket, server: compatAlpha3, link }, async ({ client }) => {
      client.metadataPush(bytesOf(1, 100));
      assert.is(textOf(await client.requestResponse(item('after')).response), 'after');
    }));

  test(`a server that refuses is heard, over ${link}`, async () => {
    const listener = await compatAlpha3.listen(link, { refusal: 'not you' });
    const client = await compatAlpha3.connect(link, listener.port);
    const answer = client.requestResponse(item('asked')).response.then(textOf, (error: Error) => error.message);
    const reason = (await client.closed) as Error;
    assert.is(errorCodeOf(reason), 3);
    assert.match(reason.message, 'not you');
    assert.match(await answer, 'not you');
    await listener.close();
  });
}

test('KEEPALIVE keeps two ends together beyond their lifetime', async () => {
  const pairs = [
    [compatAlpha3, compatAlpha3, 'tcp'],
    [compatAlpha3, flysocket, 'tcp'],
    [flysocket, compatAlpha3, 'ws'],
    [shm, shm, 'tcp'],
  ] as const;
  const clientSettings = { keepAliveMs: 50, lifetimeMs: 1_000 };
  const serverSettings = { keepsAlive: true };
  const outlive = pairs.map(([client, server, link]) =>
    withEnds({ client, server, link, clientSettings, serverSettings }, async (ends) => {
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      assert.is(textOf(await ends.client.requestResponse(item('still there')).response), 'still there');
    }),
  );
  await Promise.all(outlive);
});

test('a peer that is silent for its lifetime is given up', () =>
  withTcpServer(async (port) => {
    // It lets the client in and answers nothing, not even a KEEPALIVE.
    const silent = new TcpClientTransport({ connectionOptions: { port, host: HOST } });
    const mute: ClientTransport = {
      connect: (factory) =>
        silent.connect((outbound) => {
          const streams = factory(outbound);
          return Object.assign(streams, { handle: () => {} });
        }),
    };
    const client = await connectAlpha(mute, { setup: { keepAlive: 20, lifetime: 150 } });
    assert.match(((await client.closed) as Error).message, 'No keep-alive acks for 150 millis');
  }));

test('a request can be given up at every stage', () =>
  withEnds({ client: shm, server: shm, link: 'tcp' }, async ({ client, server }) => {
    // In the turn in which it is made; in the next one; while it is answered; in the midst of its fragments.
    const large = item(bytesOf(1, 3_000_000));
    for (const sent of [item('never'), large]) {
      for (const turnsBefore of [0, 1, 3]) {
        const { response, cancel } = client.requestResponse(sent);
        response.catch(() => {});
        await turns(turnsBefore);
        cancel();
      }
    }
    assert.is(textOf(await client.requestResponse(item('after')).response), 'after');
    assert.ok(server.log.cancels >= 3);
  }));

test('EXT of one program reaches the other one', () =>
  withTcpServer(async (port, bound) => {
    const received: [number, string, boolean][] = [];
    const rsocket = await new RSocketConnector({
      transport: new TcpClientTransport({ connectionOptions: { port, host: HOST } }),
      responder: {
        requestResponse: (_, stream) => {
          const call: Cancellable & { onExtension(type: number, content: Buffer, canBeIgnored: boolean): void } = {
            cancel: () => {},
            onExtension: (type, content, canBeIgnored) => {
              received.push([type, String(content), canBeIgnored]);
              stream.onNext({ data: Buffer.from('done') }, true);
            },
          };
          return call;
        },
      },
    }).connect();
    await until(() => bound.ends.length === 1, 'it was let in');
    const answer = await new Promise<string>((resolve, reject) => {
      const call = bound.ends[0]?.rsocket.requestResponse(
        { data: Buffer.from('asked') },
        { onNext: ({ data }) => resolve(String(data)), onError: reject, onComplete: () => {}, onExtension: () => {} },
      );
      call?.onExtension(7, Buffer.from('extended'), true);
    });
    assert.is(answer, 'done');
    assert.equal(received, [[7, 'extended', true]]);
    rsocket.close();
  }));

test('an empty item is no item of null', () =>
  withTcpServer(async (port) => {
    const client = await connectAlpha(new TcpClientTransport({ connectionOptions: { port, host: HOST } }));
    const answer = await new Promise<{ data: unknown; metadata?: unknown }>((resolve, reject) => {
      client.rsocket.requestResponse(
        { data: Buffer.alloc(0), metadata: Buffer.alloc(0) },
        { onNext: resolve, onError: reject, onComplete: () => {}, onExtension: () => {} },
      );
    });
    assert.equal([answer.data, answer.metadata], [Buffer.alloc(0), Buffer.alloc(0)]);
    client.rsocket.close();
  }));

test.run();
