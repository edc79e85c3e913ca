import { connectPeer, PeerServer, type PeerServerOptions, type RSocketPeer } from 'flysocket/core';
import type { RSocketError } from 'flysocket/flyweight';
import { BufferPool } from 'flysocket/pool';
import { InProcessConnection } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { HandClock } from '../tck/HandClock.ts';
import { turns } from '../tck/until.ts';

const test = suite('the connections of a server');

interface Scene {
  readonly server: PeerServer;
  readonly clock: HandClock;
  readonly pool: BufferPool;
  readonly letIn: RSocketPeer[];
  readonly refused: string[];
  connect(): RSocketPeer;
}

function serverScene(options: Partial<PeerServerOptions> = {}): Scene {
  const clock = new HandClock();
  const pool = new BufferPool({ tracking: true, slabBytes: 8_192 });
  const letIn: RSocketPeer[] = [];
  const refused: string[] = [];
  const server = new PeerServer({
    clock,
    pool,
    responder: { requestResponse: (payload) => payload },
    onPeer: (peer) => letIn.push(peer),
    onRefused: (error) => refused.push((error as RSocketError).code),
    ...options,
  });
  const connect = (): RSocketPeer => {
    const [left, right] = InProcessConnection.pair();
    server.accept(right);
    return connectPeer(left, { clock, pool });
  };
  return { server, clock, pool, letIn, refused, connect };
}

async function codeOf(request: Promise<unknown>): Promise<string> {
  return request.then(
    () => 'answered',
    (error: RSocketError) => error.code,
  );
}

test('knows who is there', async () => {
  const { server, clock, pool, letIn, refused, connect } = serverScene();
  const [first, second] = [connect(), connect()];
  assert.is(server.connections, 2);
  assert.is(server.peers.size, 0);
  assert.is((await first.requestResponse('q')).dataUtf8(), 'q');
  await turns(2);
  assert.equal([...server.peers], letIn);
  assert.is(server.peers.size, 2);
  await first.close();
  await turns(2);
  assert.is(server.connections, 1);
  assert.is(server.peers.size, 1);
  await second.close();
  await turns(2);
  assert.is(server.connections, 0);
  assert.equal(refused, []);
  assert.is(clock.timers, 0);
  pool.assertQuiescent();
});

test('takes no more connections than maxConnections, and one more for each that ends', async () => {
  const { server, clock, refused, connect } = serverScene({ maxConnections: 2 });
  const [first] = [connect(), connect()];
  const third = connect();
  assert.is(await codeOf(third.requestResponse('q')), 'ERR_FLYSOCKET_REJECTED_SETUP');
  assert.is((await third.onClose)?.message, 'too many connections: maxConnections=2');
  await turns(1);
  assert.equal(refused, ['ERR_FLYSOCKET_TOO_MANY_CONNECTIONS']);
  assert.is(server.connections, 2);
  first?.destroy();
  await turns(2);
  assert.is(await codeOf(connect().requestResponse('q')), 'answered');
  await server.close();
  assert.is(clock.timers, 0);
});

test('tells of those that it did not let in', async () => {
  const { server, clock, pool, refused, letIn, connect } = serverScene({
    responder: () => {
      throw new Error('nobody');
    },
  });
  assert.is(await codeOf(connect().requestResponse('q')), 'ERR_FLYSOCKET_REJECTED_SETUP');
  const [left, right] = InProcessConnection.pair();
  server.accept(right);
  left.close();
  await turns(3);
  assert.equal(refused, ['ERR_FLYSOCKET_REJECTED_SETUP', 'ERR_FLYSOCKET_CONNECTION_CLOSED']);
  assert.equal(letIn, []);
  assert.is(server.connections, 0);
  assert.is(clock.timers, 0);
  pool.assertQuiescent();
});

test('what its listeners throw is reported', async () => {
  const uncaught: unknown[] = [];
  const onUncaught = (error: unknown): void => {
    uncaught.push(error);
  };
  const throwing = (): never => {
    throw 'thrown';
  };
  const { server, connect } = serverScene({ onUncaught, onPeer: throwing, onRefused: throwing });
  assert.is(await codeOf(connect().requestResponse('q')), 'answered');
  const [left, right] = InProcessConnection.pair();
  server.accept(right);
  left.close();
  await turns(3);
  assert.equal(uncaught, ['thrown', 'thrown']);
  assert.is(server.peers.size, 1);
  await server.close();
});

test('close lets what runs finish, ends the rest, and lets nobody in any more', async () => {
  let answer = (_answer: string): void => {};
  const answered = new Promise<string>((resolve) => {
    answer = resolve;
  });
  const { server, clock, pool, connect } = serverScene({ responder: { requestResponse: () => answered } });
  const [busy, idle] = [connect(), connect()];
  const request = busy.requestResponse('q');
  const [silent, waiting] = InProcessConnection.pair();
  server.accept(waiting);
  await turns(3);
  const closed = server.close();
  await turns(3);
  await Promise.all([idle.onClose, silent.onClose]);
  assert.is(server.connections, 1);
  const late = connect();
  assert.is(await codeOf(late.requestResponse('q')), 'ERR_FLYSOCKET_REJECTED_SETUP');
  assert.is((await late.onClose)?.message, 'the server is closing');
  answer('at last');
  assert.is((await request).dataUtf8(), 'at last');
  await closed;
  await turns(2);
  assert.is(server.connections, 0);
  assert.is(server.peers.size, 0);
  assert.is(clock.timers, 0);
  pool.assertQuiescent();
});

test('close ends what does not finish at its deadline', async () => {
  const { server, clock, pool, connect } = serverScene({ responder: { requestResponse: () => new Promise(() => {}) } });
  const request = codeOf(connect().requestResponse('q'));
  await turns(3);
  const closed = server.close({ deadlineMs: 100 });
  await turns(3);
  clock.advance(100);
  assert.is(await request, 'ERR_FLYSOCKET_SHUTDOWN_DEADLINE');
  await closed;
  await turns(2);
  assert.is(clock.timers, 0);
  pool.assertQuiescent();
});

test.run();
