/** The DuplexConnection of rsocket-js 0.0.27, as our connections are one: statuses, receivers, senders, and the end. */
import type { ConnectionStatus, FlowableConnection, Frame } from 'flysocket/compat/rsocket-core-0';
import { RSocketShmClient, RSocketTcpClient } from 'flysocket/compat/rsocket-core-0';
import { FrameType } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { flowables0, type Subscriber0 } from '../../interop/generation0Api.ts';
import { suite } from '../../support/suite.ts';
import { turns, until } from '../../tck/until.ts';
import { type Pair0, pairs, poolsAreQuiescent } from './flysocket0.ts';
import { RawPeer } from './RawPeer.ts';

const SETUP: Frame = {
  type: FrameType.SETUP,
  streamId: 0,
  flags: 0,
  keepAlive: 1000,
  lifetime: 10_000,
  dataMimeType: 'a/b',
  metadataMimeType: 'a/b',
  majorVersion: 1,
  minorVersion: 0,
};

/** What a connection has told. */
interface Told {
  readonly statuses: string[];
  error: (Error & { code?: string }) | undefined;
}

function watch(connection: FlowableConnection): Told {
  const told: Told = { statuses: [], error: undefined };
  connection.connectionStatus().subscribe((status: ConnectionStatus) => {
    told.statuses.push(status.kind);
    if (status.kind === 'ERROR') told.error = status.error;
  });
  return told;
}

interface Scene {
  readonly client: FlowableConnection;
  readonly clientTold: Told;
  readonly server: FlowableConnection;
  readonly serverTold: Told;
  /** The frames that have come to the server. */
  readonly arrived: Frame[];
}

/** Runs `body` between two ends of which the client has sent its SETUP, and the server has it. */
async function withScene(
  pair: Pair0,
  body: (scene: Scene) => Promise<void>,
  options: { client?: object; server?: object } = {},
): Promise<void> {
  const transports = pair.make(options);
  const accepted: FlowableConnection[] = [];
  transports.server.start().subscribe((connection) => accepted.push(connection));
  const client = await transports.client();
  const clientTold = watch(client);
  client.connect();
  await until(() => accepted.length === 1 && clientTold.statuses.includes('CONNECTED'), 'they are connected');
  const server = accepted[0] as FlowableConnection;
  const arrived: Frame[] = [];
  server.receive().subscribe((frame) => arrived.push(frame));
  client.receive().subscribe(() => {});
  client.sendOne(SETUP);
  await until(() => arrived.length === 1, 'the SETUP has come');
  try {
    await body({ client, clientTold, server, serverTold: watch(server), arrived });
  } finally {
    client.close();
    server.close();
    transports.server.stop();
  }
  await poolsAreQuiescent();
}

function fnf(data: string): Frame {
  return { type: FrameType.REQUEST_FNF, streamId: 1, flags: 0, data };
}

for (const pair of pairs) {
  const test = suite(`a DuplexConnection of rsocket-js 0.0.27 over ${pair.name}`);

  test('closed here: CLOSED here, and ERROR there', () =>
    withScene(pair, async ({ client, clientTold, serverTold }) => {
      client.close();
      assert.equal(clientTold.statuses, ['NOT_CONNECTED', 'CONNECTING', 'CONNECTED', 'CLOSED']);
      await until(() => serverTold.error !== undefined, 'the other side is told');
      assert.equal(serverTold.statuses, ['CONNECTED', 'ERROR']);
      assert.is(serverTold.error?.code, 'ERR_FLYSOCKET_CONNECTION_CLOSED');
      client.close();
      assert.is(clientTold.statuses.length, 4);
    }));

  test('the status is told first, then receivers, then senders; a receiver is completed, or told the error', () =>
    withScene(pair, async ({ client, server }) => {
      const order: string[] = [];
      for (const [name, connection] of Object.entries({ client, server })) {
        connection.connectionStatus().subscribe(({ kind }) => order.push(`${name} ${kind}`));
        connection.receive().subscribe({
          onSubscribe: (subscription) => subscription.request(1),
          onComplete: () => order.push(`${name} completes`),
          onError: () => order.push(`${name} fails`),
        });
        connection.send(
          new flowables0.Flowable<Frame>((subscriber) => {
            subscriber.onSubscribe({ request: () => {}, cancel: () => order.push(`${name} cancels`) });
          }),
        );
      }
      client.close();
      await until(() => order.includes('server cancels'), 'both have ended');
      assert.equal(order, [
        'client CONNECTED',
        'server CONNECTED',
        'client CLOSED',
        'client completes',
        'client cancels',
        'server ERROR',
        'server fails',
        'server cancels',
      ]);
    }));

  test('every request for the status tells it, and nothing comes after the end', () =>
    withScene(pair, async ({ client }) => {
      const kinds: string[] = [];
      let ask = (): void => {};
      client.connectionStatus().subscribe({
        onSubscribe: (subscription) => {
          ask = () => subscription.request(1);
          ask();
          ask();
        },
        onNext: ({ kind }) => kinds.push(kind),
      });
      client.close();
      ask();
      assert.equal(kinds, ['CONNECTED', 'CONNECTED', 'CLOSED', 'CLOSED']);
      client.sendOne(fnf('dropped'));
      client.receive().subscribe(() => kinds.push('a frame'));
      await turns(5);
      assert.is(kinds.length, 4);
    }));

  test('what was sent before the close leaves, also if it had to wait for room', () =>
    withScene(
      pair,
      async ({ client, arrived, serverTold }) => {
        for (let i = 0; i < 200; i++) client.sendOne(fnf(`${i} ${'x'.repeat(100)}`));
        client.close();
        await until(() => serverTold.error !== undefined, 'the other side is told');
        assert.equal(
          arrived.slice(1).map(({ data }) => Number.parseInt(data as string, 10)),
          Array.from({ length: 200 }, (_, i) => i),
        );
      },
      { client: { ringCapacity: 4096, highWaterBytes: 4096 } },
    ));

  test('what waits beyond the bound ends the connection with OUTBOUND_FULL', () =>
    withScene(
      pair,
      async ({ client, clientTold }) => {
        let sent = 0;
        while (clientTold.error === undefined && sent++ < 10_000) client.sendOne(fnf('x'.repeat(1000)));
        assert.is(clientTold.error?.code, 'ERR_FLYSOCKET_OUTBOUND_FULL');
        assert.ok(sent > 40, String(sent));
      },
      { client: { ringCapacity: 4096, highWaterBytes: 4096, maxOutboundBytes: 65_536 } },
    ));

  test('a Flowable is sent as it comes, asked for all of it; one that fails ends the connection', () =>
    withScene(pair, async ({ client, clientTold, arrived }) => {
      const asked: number[] = [];
      let source: Subscriber0<Frame> | undefined;
      const frames = new flowables0.Flowable<Frame>((subscriber) => {
        source = subscriber;
        subscriber.onSubscribe({ request: (n) => asked.push(n), cancel: () => {} });
      });
      client.send(frames);
      source?.onNext(fnf('a'));
      source?.onNext(fnf('b'));
      await until(() => arrived.length === 3, 'both have come');
      assert.equal(asked, [Number.MAX_SAFE_INTEGER]);
      source?.onError(new Error('no more'));
      assert.is(clientTold.error?.message, 'no more');
    }));

  test('a Flowable that has completed is let go', () =>
    withScene(pair, async ({ client }) => {
      let cancels = 0;
      const frames = new flowables0.Flowable<Frame>((subscriber) => {
        subscriber.onSubscribe({ request: () => {}, cancel: () => cancels++ });
        subscriber.onNext(fnf('a'));
        subscriber.onComplete();
      });
      client.send(frames);
      client.close();
      assert.is(cancels, 0);
    }));

  test('every receiver gets each frame until it cancels, in order; `map` and `take` are there', () =>
    withScene(pair, async ({ client, server }) => {
      const all: unknown[] = [];
      const two: unknown[] = [];
      const mapped: unknown[] = [];
      server.receive().subscribe((frame) => all.push(frame.data));
      server
        .receive()
        .take(2)
        .subscribe({
          onSubscribe: (subscription) => subscription.request(1),
          onNext: (frame) => two.push(frame.data),
          onComplete: () => two.push('complete'),
        });
      server
        .receive()
        .map(({ data }) => `<${data}>`)
        .subscribe((data) => mapped.push(data));
      for (const data of ['a', 'b', 'c']) client.sendOne(fnf(data));
      await until(() => all.length === 3, 'all have come');
      assert.equal(all, ['a', 'b', 'c']);
      assert.equal(two, ['a', 'b', 'complete']);
      assert.equal(mapped, ['<a>', '<b>', '<c>']);
    }));

  test('nothing is taken from the transport before somebody receives: no frame is lost', async () => {
    const transports = pair.make();
    const accepted: FlowableConnection[] = [];
    transports.server.start().subscribe((connection) => accepted.push(connection));
    const client = await transports.client();
    client.connectionStatus().subscribe(({ kind }) => {
      if (kind !== 'CONNECTED') return;
      client.sendOne(SETUP);
      for (const data of ['a', 'b', 'c']) client.sendOne(fnf(data));
    });
    client.connect();
    await until(() => accepted.length === 1, 'they are connected');
    await turns(20);
    const first: unknown[] = [];
    const rest: unknown[] = [];
    accepted[0]?.receive().subscribe({
      onSubscribe: (subscription) => subscription.request(1),
      onNext: ({ type, data }) => (type === FrameType.SETUP ? first : rest).push(data),
    });
    await until(() => rest.length === 3, 'all have come');
    assert.equal(first, [null]);
    assert.equal(rest, ['a', 'b', 'c']);
    client.close();
    accepted[0]?.close();
    transports.server.stop();
    await poolsAreQuiescent();
  });

  test('a receiver that throws is told, and the connection ends with what it threw', () =>
    withScene(pair, async ({ client, server, serverTold }) => {
      const failures: string[] = [];
      server.receive().subscribe({
        onSubscribe: (subscription) => subscription.request(1),
        onNext: () => {
          throw new Error('my mistake');
        },
        onError: (error) => failures.push(error.message),
      });
      client.sendOne(fnf('a'));
      await until(() => serverTold.error !== undefined, 'it has ended');
      assert.equal(failures, ['my mistake']);
      assert.is(serverTold.error?.message, 'my mistake');
    }));

  test('connect is for once, and for clients', () =>
    withScene(pair, async ({ client, server }) => {
      assert.throws(() => client.connect(), /CONNECTED/);
      assert.throws(() => server.connect(), /not supported/);
      client.close();
      assert.throws(() => client.connect(), /CLOSED/);
    }));

  test('a frame before the connection is open is a mistake that ends it', async () => {
    const client = await pairClient(pair);
    const told = watch(client);
    client.sendOne(SETUP);
    assert.equal(told.statuses, ['NOT_CONNECTED', 'ERROR']);
    assert.is(told.error?.code, 'ERR_FLYSOCKET_NOT_CONNECTED');
  });

  test('closed while it connects: CLOSED, and what has opened is closed', async () => {
    const transports = pair.make();
    const accepted: Told[] = [];
    transports.server.start().subscribe((connection) => {
      accepted.push(watch(connection));
      connection.receive().subscribe(() => {});
    });
    const client = await transports.client();
    const told = watch(client);
    client.connect();
    client.close();
    assert.equal(told.statuses, ['NOT_CONNECTED', 'CONNECTING', 'CLOSED']);
    await until(() => accepted[0]?.error !== undefined, 'the server has seen it come and go');
    assert.is(told.statuses.length, 3);
    transports.server.stop();
    await poolsAreQuiescent();
  });

  test.run();
}

async function pairClient(pair: Pair0): Promise<FlowableConnection> {
  const transports = pair.make();
  transports.server.start().subscribe(() => {});
  const client = await transports.client();
  transports.server.stop();
  return client;
}

const test = suite('a client of rsocket-js 0.0.27 that finds nobody');

test('over TCP: ERROR with what the system says', async () => {
  const peer = await RawPeer.listening();
  const { port } = peer;
  peer.close();
  const client = new RSocketTcpClient({ host: '127.0.0.1', port });
  const told = watch(client);
  client.connect();
  await until(() => told.error !== undefined, 'it has failed');
  assert.equal(told.statuses, ['NOT_CONNECTED', 'CONNECTING', 'ERROR']);
  assert.is(told.error?.code, 'ECONNREFUSED');
});

test('to a thread without a parent: ERROR with NO_PARENT', async () => {
  const client = new RSocketShmClient();
  const told = watch(client);
  client.connect();
  await until(() => told.error !== undefined, 'it has failed');
  assert.equal(told.statuses, ['NOT_CONNECTED', 'CONNECTING', 'ERROR']);
  assert.is(told.error?.code, 'ERR_FLYSOCKET_NO_PARENT');
});

test('to a thread in which nobody listens: ERROR with LINK_TIMEOUT', async () => {
  const { port1, port2 } = new MessageChannel();
  const client = new RSocketShmClient({ worker: port1 as never, handshakeTimeoutMs: 50 });
  const told = watch(client);
  client.connect();
  await until(() => told.error !== undefined, 'it has failed');
  assert.is(told.error?.code, 'ERR_FLYSOCKET_LINK_TIMEOUT');
  port1.close();
  port2.close();
});

test.run();
