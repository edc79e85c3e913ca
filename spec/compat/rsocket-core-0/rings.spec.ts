/** rsocket-js 0.0.27 between threads. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { RSocketShmClient, type RSocketShmClientOptions, RSocketShmServer } from 'flysocket/compat/rsocket-core-0';
import { CountersReader, processCounters } from 'flysocket/counters';
import * as assert from 'uvu/assert';
import type { Payload0, Socket0 } from '../../interop/generation0Api.ts';
import { suite } from '../../support/suite.ts';
import { until } from '../../tck/until.ts';
import { bufferEncoders, poolsAreQuiescent } from './flysocket0.ts';
import { connectOn, echo, flowable, itemsOf, promiseOf, serveOn } from './promises0.ts';

const test = suite('rsocket-js 0.0.27 between threads');

async function withWorker(body: (worker: Worker) => Promise<void>): Promise<void> {
  const worker = new Worker(new URL('./rings.worker.js', import.meta.url));
  try {
    await body(worker);
  } finally {
    await worker.terminate();
  }
  await poolsAreQuiescent();
}

function connectTo(worker: Worker, options: RSocketShmClientOptions = {}): Promise<Socket0> {
  return connectOn(new RSocketShmClient({ worker, ...options }, bufferEncoders));
}

/** Connections and rings are counted in blocks of their own, which they give back. */
function countedBlocks(): number {
  return new CountersReader(processCounters().memory).blocks().filter(({ live }) => live).length;
}

function bytes(text: string): Payload0 {
  return { data: Buffer.from(text) };
}

async function ask(socket: Socket0, text: string): Promise<string> {
  return String((await promiseOf(socket.requestResponse(bytes(text)))).data);
}

test('a parent asks its worker: every interaction', () =>
  withWorker(async (worker) => {
    const socket = await connectTo(worker);
    assert.is(await ask(socket, 'thread'), String(worker.threadId));
    assert.is((await itemsOf(socket.requestStream(bytes('1000')))).length, 1000);
    const channel = await itemsOf(socket.requestChannel(flowable(['a', 'b', 'c'].map(bytes))));
    assert.equal(
      channel.map(({ data }) => String(data)),
      ['a', 'b', 'c'],
    );
    socket.fireAndForget(bytes('gone'));
    await promiseOf(socket.metadataPush({ metadata: Buffer.from('pushed') }));
    const answers = await Promise.all(Array.from({ length: 1000 }, (_, i) => ask(socket, String(i))));
    assert.equal(
      answers,
      Array.from({ length: 1000 }, (_, i) => String(i)),
    );
    socket.close();
  }));

test('payloads many times as long as the ring arrive whole, as Buffers of exactly their length', () =>
  withWorker(async (worker) => {
    const socket = await connectTo(worker, { ringCapacity: 65_536 });
    for (const length of [0, 1, 63, 64, 8_185, 8_186, 300_000, 5_000_000]) {
      const data = Buffer.alloc(length, 'flysocket ');
      const metadata = Buffer.alloc(length >>> 2, 'm');
      const answer = await promiseOf(socket.requestResponse({ data, metadata }));
      assert.ok(length === 0 ? answer.data === null : data.equals(answer.data as Buffer), `data of ${length}`);
      const isAbsent = metadata.length === 0;
      assert.ok(isAbsent ? answer.metadata === null : metadata.equals(answer.metadata as Buffer), `at ${length}`);
    }
    socket.close();
  }));

test('without encoders payloads are strings, and no character is lost between two fragments', () =>
  withWorker(async (worker) => {
    const options = { worker, service: 'text', ringCapacity: 4096 };
    const socket = await connectOn(new RSocketShmClient(options));
    const data = 'ü日🦊'.repeat(5_000);
    const metadata = 'ключ'.repeat(1_000);
    const answer = await promiseOf(socket.requestResponse({ data, metadata }));
    assert.is(answer.data, data);
    assert.is(answer.metadata, metadata);
    socket.close();
  }));

test('several connections to one worker, each a world of its own', () =>
  withWorker(async (worker) => {
    const sockets = await Promise.all(Array.from({ length: 8 }, () => connectTo(worker, { ringCapacity: 16_384 })));
    const answers = await Promise.all(sockets.map((socket, i) => ask(socket, `socket ${i}`)));
    assert.equal(
      answers,
      sockets.map((_, i) => `socket ${i}`),
    );
    const waiting = ask(sockets[0] as Socket0, 'never').then(
      () => 'answered',
      (error: Error) => error.message,
    );
    (sockets[0] as Socket0).close();
    assert.is(await waiting, 'RSocket: The connection was closed.');
    assert.is(await ask(sockets[1] as Socket0, 'still there'), 'still there');
    for (const socket of sockets) socket.close();
  }));

test('both threads serve and ask, on connections of their own', () =>
  withWorker(async (worker) => {
    const seen: string[] = [];
    const server = serveOn(new RSocketShmServer({ worker }, bufferEncoders), () => ({
      ...echo,
      requestResponse: (payload) => {
        seen.push(String(payload.data));
        return echo.requestResponse(payload);
      },
    }));
    const socket = await connectTo(worker);
    assert.is(await ask(socket, 'call hello'), 'hello');
    assert.is(await ask(socket, 'call again'), 'again');
    assert.equal(seen, ['hello', 'again']);
    socket.close();
    server.stop();
  }));

test('a server asks its client on the connection that the client has made', () =>
  withWorker(async (worker) => {
    const asked = new Promise<Socket0>((resolve) => {
      serveOn(new RSocketShmServer({ worker }, bufferEncoders), (socket) => {
        resolve(socket);
        return echo;
      });
    });
    const socket = await connectTo(worker);
    assert.is(await ask(socket, 'call hello'), 'hello');
    assert.is(await ask(await asked, 'and back'), 'and back');
    socket.close();
  }));

test('a worker that is terminated fails what runs, once, and its connections with PEER_DIED', () =>
  withWorker(async (worker) => {
    const blocks = countedBlocks();
    const socket = await connectTo(worker);
    const ends: unknown[] = [];
    for (let i = 0; i < 10; i++) {
      ask(socket, 'never').then(
        () => ends.push('answered'),
        (error: { code?: string }) => ends.push(error.code),
      );
    }
    const statuses: string[] = [];
    socket.connectionStatus().subscribe({
      onSubscribe: (subscription) => subscription.request(100),
      onNext: ({ kind }) => statuses.push(kind),
    });
    await ask(socket, 'all is well');
    await worker.terminate();
    await until(() => ends.length === 10, 'all have ended');
    assert.equal(ends, new Array(10).fill('ERR_FLYSOCKET_PEER_DIED'));
    assert.equal(statuses, ['CONNECTED', 'ERROR']);
    await until(() => countedBlocks() <= blocks, 'its counters are given back');
    const failure: { code?: string } = await connectTo(worker).then(
      () => ({}),
      (error) => error,
    );
    assert.is(failure.code, 'ERR_FLYSOCKET_PEER_DIED');
  }));

test('a worker that exits in the midst of a stream', () =>
  withWorker(async (worker) => {
    const socket = await connectTo(worker);
    const stream = itemsOf(socket.requestStream(bytes('100000')), 1).catch((error: { code?: string }) => error.code);
    ask(socket, 'exit').catch(() => {});
    assert.is(await stream, 'ERR_FLYSOCKET_PEER_DIED');
    if (worker.threadId >= 0) await once(worker, 'exit');
  }));

test('nobody listens by that name', () =>
  withWorker(async (worker) => {
    const failure: { code?: string } = await connectTo(worker, { service: 'nobody' }).then(
      () => ({}),
      (error) => error,
    );
    assert.is(failure.code, 'ERR_FLYSOCKET_LINK_REFUSED');
  }));

test('100 connections one after the other leave nothing behind', () =>
  withWorker(async (worker) => {
    const first = await connectTo(worker, { ringCapacity: 4096 });
    await ask(first, 'first');
    const blocks = countedBlocks();
    for (let i = 0; i < 100; i++) {
      const socket = await connectTo(worker, { ringCapacity: 4096 });
      assert.is(await ask(socket, 'hello'), 'hello');
      socket.close();
    }
    await until(() => countedBlocks() <= blocks, 'the counters are given back');
    first.close();
  }));

test.run();
