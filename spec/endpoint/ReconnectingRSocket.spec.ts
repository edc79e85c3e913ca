import { ReconnectingRSocket, type ReconnectOptions, RSocketError } from 'flysocket';
import { acceptPeer, connectPeer, type Handler, type RSocketPeer } from 'flysocket/core';
import { InProcessConnection } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { turns, until } from '../tck/until.ts';
import { HandClock } from './HandClock.ts';
import { rejectedWith } from './rejectedWith.ts';

const test = suite('ReconnectingRSocket');

const echo: Handler = {
  requestResponse: (payload) => payload,
  requestStream: () => ['a', 'b'],
  async *requestChannel(payloads) {
    for await (const payload of payloads) yield payload;
  },
};

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** A place that a test can make unreachable, and a socket that connects to it by a clock that the test moves. */
class Scene {
  readonly clock = new HandClock();
  readonly states: string[] = [];
  readonly errors: unknown[] = [];
  /** What the next attempts fail with, one after the other; none: they succeed. */
  readonly failures: unknown[] = [];
  readonly servers: RSocketPeer[] = [];
  attempts = 0;
  isSilent = false;
  handler: Handler = echo;
  readonly rsocket: ReconnectingRSocket;

  constructor(options: ReconnectOptions = {}, ...failures: unknown[]) {
    this.failures.push(...failures);
    this.rsocket = new ReconnectingRSocket((signal) => this.#connect(signal), {
      clock: this.clock,
      random: () => 0,
      ...options,
    });
    this.rsocket.onStateChange((state, error) => {
      this.states.push(state);
      this.errors.push(error);
    });
  }

  async #connect(signal: AbortSignal): Promise<RSocketPeer> {
    this.attempts++;
    if (this.isSilent)
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    if (this.failures.length > 0) throw this.failures.shift();
    const [left, right] = InProcessConnection.pair();
    acceptPeer(right, { responder: () => this.handler }).then(
      (server) => this.servers.push(server),
      () => {},
    );
    return connectPeer(left);
  }

  /** The peer of the connection that there is, on the other side. */
  async server(): Promise<RSocketPeer> {
    const { length } = this.servers;
    await until(() => this.rsocket.state === 'connected' && this.servers.length > 0, 'the server has let it in');
    return this.servers[Math.max(length, 1) - 1] as RSocketPeer;
  }

  async reaches(state: string): Promise<void> {
    await until(() => this.rsocket.state === state, `it is ${state}`);
  }

  async end(): Promise<void> {
    await this.rsocket.close();
    assert.is(this.clock.pending, 0, 'no timer is left');
  }
}

function away(): RSocketError {
  return new RSocketError('ERR_FLYSOCKET_CONNECT_FAILED', 'nobody there');
}

test('connects, and all interactions reach the peer', async () => {
  const scene = new Scene();
  assert.is(scene.rsocket.state, 'connecting');
  await scene.reaches('connected');
  const { rsocket } = scene;
  assert.is(text((await rsocket.requestResponse('r')).data), 'r');
  await rsocket.fireAndForget('f');
  await rsocket.metadataPush('m');
  const items: string[] = [];
  for await (const { data } of rsocket.requestStream('s')) items.push(text(data));
  for await (const { data } of rsocket.requestChannel(['x', 'y'])) items.push(text(data));
  assert.equal(items, ['a', 'b', 'x', 'y']);
  await scene.end();
  assert.equal(scene.states, ['connected', 'closed']);
  assert.is(await rsocket.onClose, undefined);
});

test('tries again, each time later, up to the longest delay', async () => {
  const failures = Array.from({ length: 6 }, away);
  const scene = new Scene({ initialDelayMs: 100, maxDelayMs: 500, factor: 2 }, ...failures);
  for (const delayMs of [100, 200, 400, 500, 500, 500]) {
    await scene.reaches('waiting');
    assert.is((scene.rsocket.lastError as RSocketError).code, 'ERR_FLYSOCKET_CONNECT_FAILED');
    assert.is(scene.clock.nextMs, delayMs);
    scene.clock.advance(delayMs - 1);
    assert.is(scene.rsocket.state, 'waiting');
    scene.clock.advance(1);
  }
  await scene.reaches('connected');
  assert.is(scene.attempts, 7);
  assert.equal(scene.states.slice(0, 4), ['waiting', 'connecting', 'waiting', 'connecting']);
  await scene.end();
});

test('chance takes a share off each delay', async () => {
  const random = [0.5, 0.999];
  const scene = new Scene({ initialDelayMs: 100, jitter: 0.4, random: () => random.shift() as number }, away(), away());
  await scene.reaches('waiting');
  assert.is(scene.clock.nextMs, 80);
  scene.clock.advance(80);
  await scene.reaches('waiting');
  assert.ok(Math.abs(scene.clock.nextMs - 120.08) < 1e-6, `${scene.clock.nextMs}`);
  await scene.end();
});

test('delays begin anew after a connection that lasted, and only then', async () => {
  const scene = new Scene({ initialDelayMs: 100, stableAfterMs: 1_000 }, away(), away());
  await scene.reaches('waiting');
  scene.clock.advance(100);
  await scene.reaches('waiting');
  scene.clock.advance(200);
  await scene.reaches('connected');
  scene.clock.advance(999);
  (await scene.server()).destroy();
  await scene.reaches('waiting');
  assert.is(scene.clock.nextMs, 400);
  scene.clock.advance(400);
  await scene.reaches('connected');
  scene.clock.advance(1_000);
  await until(() => scene.servers.length === 2, 'the server has let it in');
  scene.servers[1]?.destroy();
  await scene.reaches('waiting');
  assert.is(scene.clock.nextMs, 100);
  await scene.end();
});

test('gives up after so many attempts in a row', async () => {
  const last = away();
  const scene = new Scene({ maxAttempts: 2, initialDelayMs: 10 }, away(), last);
  const request = scene.rsocket.requestResponse('r');
  await scene.reaches('waiting');
  scene.clock.advance(10);
  await rejectedWith(request, 'ERR_FLYSOCKET_CONNECT_FAILED');
  assert.is(await scene.rsocket.onClose, last);
  assert.is(scene.rsocket.state, 'closed');
  assert.is(scene.attempts, 2);
  const error = await rejectedWith(scene.rsocket.requestResponse('late'), 'ERR_FLYSOCKET_CONNECTION_CLOSED');
  assert.is(error.cause, last);
  assert.is(scene.clock.pending, 0);
});

test('requests wait for the connection and go in their order', async () => {
  const received: string[] = [];
  const scene = new Scene({}, away());
  scene.handler = {
    ...echo,
    requestResponse: (payload) => {
      received.push(text(payload.data));
      return payload;
    },
    fireAndForget: (payload) => {
      received.push(text(payload.data));
    },
    requestStream: (payload) => {
      received.push(text(payload.data));
      return ['item'];
    },
  };
  await scene.reaches('waiting');
  const { rsocket } = scene;
  const items: string[] = [];
  const waiting = [
    rsocket.requestResponse('1'),
    rsocket.fireAndForget('2'),
    (async () => {
      for await (const { data } of rsocket.requestStream('3')) items.push(text(data));
    })(),
    rsocket.requestResponse('4'),
  ];
  assert.is(rsocket.waitingRequests, 4);
  scene.clock.advance(100);
  await Promise.all(waiting);
  assert.equal(received, ['1', '2', '3', '4']);
  assert.equal(items, ['item']);
  assert.is(rsocket.waitingRequests, 0);
  await scene.end();
});

test('what is under way when the connection is lost fails, and is not sent again', async () => {
  let asked = 0;
  const scene = new Scene({ initialDelayMs: 10 });
  scene.handler = {
    requestResponse: (payload) => {
      asked++;
      return asked === 1 ? new Promise<string>(() => {}) : payload;
    },
  };
  await scene.reaches('connected');
  const lost = scene.rsocket.requestResponse('lost');
  await until(() => asked === 1, 'it was asked');
  const reason = new RSocketError('ERR_FLYSOCKET_PEER_DIED', 'gone');
  (await scene.server()).destroy(reason);
  assert.is(await rejectedWith(lost, 'ERR_FLYSOCKET_PEER_DIED'), reason);
  await scene.reaches('waiting');
  assert.is(scene.rsocket.lastError, reason);
  const next = scene.rsocket.requestResponse('next');
  scene.clock.advance(10);
  assert.is(text((await next).data), 'next');
  assert.is(asked, 2);
  await scene.end();
});

test('requests that wait are bounded in number and in time, or none may wait', async () => {
  const scene = new Scene({ maxWaitingRequests: 2, waitTimeoutMs: 50, initialDelayMs: 1_000 }, away());
  await scene.reaches('waiting');
  const first = scene.rsocket.requestResponse('1');
  const iterator = scene.rsocket.requestStream('2')[Symbol.asyncIterator]();
  const second = iterator.next();
  const third = await rejectedWith(scene.rsocket.fireAndForget('3'), 'ERR_FLYSOCKET_NOT_CONNECTED');
  assert.match(third.message, /2 requests may wait/);
  assert.is((third.cause as RSocketError).code, 'ERR_FLYSOCKET_CONNECT_FAILED');
  scene.clock.advance(50);
  assert.match((await rejectedWith(first, 'ERR_FLYSOCKET_NOT_CONNECTED')).message, /within 50 ms/);
  await rejectedWith(second, 'ERR_FLYSOCKET_NOT_CONNECTED');
  assert.equal(await iterator.next(), { done: true, value: undefined });
  await scene.end();

  const impatient = new Scene({ maxWaitingRequests: 0 }, away());
  await rejectedWith(impatient.rsocket.requestResponse('now'), 'ERR_FLYSOCKET_NOT_CONNECTED');
  await impatient.end();
});

test('a request that waits can be given up', async () => {
  const scene = new Scene({}, away());
  await scene.reaches('waiting');
  const { rsocket } = scene;
  const controller = new AbortController();
  const { signal } = controller;
  const reason = new Error('enough');
  const request = rsocket.requestResponse('r', { signal });
  const late = rsocket.requestResponse('r', { signal: AbortSignal.abort(reason) });
  const stream = rsocket.requestStream('s')[Symbol.asyncIterator]();
  const item = stream.next();
  assert.is(rsocket.waitingRequests, 2);
  controller.abort(reason);
  for (const given of [request, late])
    await given.then(
      () => assert.unreachable(),
      (error) => assert.is(error, reason),
    );
  await stream.return?.();
  assert.equal(await item, { done: true, value: undefined });
  assert.is(rsocket.waitingRequests, 0);
  await scene.end();
});

test('a refused SETUP is not tried again, unless asked', async () => {
  const refuse = (): Handler => {
    throw new Error('not you');
  };
  const refusing = (options: ReconnectOptions): { rsocket: ReconnectingRSocket; clock: HandClock } => {
    const clock = new HandClock();
    const connectTo = async (): Promise<RSocketPeer> => {
      const [left, right] = InProcessConnection.pair();
      acceptPeer(right, { responder: refuse }).catch(() => {});
      return connectPeer(left);
    };
    return { rsocket: new ReconnectingRSocket(connectTo, { clock, ...options }), clock };
  };
  const { rsocket } = refusing({});
  const error = await rsocket.onClose;
  assert.is(error?.code, 'ERR_FLYSOCKET_REJECTED_SETUP');
  assert.is(rsocket.state, 'closed');

  const stubborn = refusing({ shouldReconnect: () => true });
  await until(() => stubborn.rsocket.state === 'waiting', 'it waits');
  assert.is((stubborn.rsocket.lastError as RSocketError).code, 'ERR_FLYSOCKET_REJECTED_SETUP');
  await stubborn.rsocket.close();
  assert.is(stubborn.clock.pending, 0);
});

test('what is no error of a peer ends it', async () => {
  const mistake = new TypeError('a mistake');
  const scene = new Scene({}, mistake);
  const error = await scene.rsocket.onClose;
  assert.is(error?.code, 'ERR_FLYSOCKET_CONNECTION_CLOSED');
  assert.is(error?.cause, mistake);
});

test('closing ends an attempt, a wait and a connection', async () => {
  const connecting = new Scene();
  connecting.isSilent = true;
  await connecting.rsocket.close();
  await turns(3);
  assert.is(connecting.rsocket.state, 'closed');

  const waiting = new Scene({}, away());
  await waiting.reaches('waiting');
  const request = waiting.rsocket.requestResponse('r');
  await waiting.end();
  await rejectedWith(request, 'ERR_FLYSOCKET_CONNECTION_CLOSED');
  waiting.clock.advance(60_000);
  assert.is(waiting.attempts, 1);

  const connected = new Scene();
  const server = await connected.server();
  const reason = new RSocketError('ERR_FLYSOCKET_CONNECTION_CLOSED', 'mine');
  connected.rsocket.destroy(reason);
  assert.is(await connected.rsocket.onClose, reason);
  await server.onClose;
  assert.is(connected.rsocket.peer, undefined);
  await rejectedWith(connected.rsocket.metadataPush('m'), 'ERR_FLYSOCKET_CONNECTION_CLOSED');
});

test('a listener can leave', async () => {
  const scene = new Scene();
  const heard: string[] = [];
  const leave = scene.rsocket.onStateChange((state) => heard.push(state));
  await scene.reaches('connected');
  leave();
  await scene.end();
  assert.equal(heard, ['connected']);
});

test.run();
