import { MessageChannel, Worker } from 'node:worker_threads';
import { type ShmClientOptions, ShmClientTransport, ShmServerTransport } from 'flysocket/compat/rsocket-core';
import type { RSocketError } from 'flysocket/flyweight';
import { BufferPool } from 'flysocket/pool';
import { connectWorker } from 'flysocket/shm-transport';
import type { Payload } from 'rsocket-core';
import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.ts';
import { bytesOf } from '../../tck/samplePayloads.ts';
import { turns, until } from '../../tck/until.ts';
import { ask, askText, type Bound, bindAlpha, type Connected, connectAlpha, failureOf } from './alphaKit.ts';

const test = suite('compat/rsocket-core: between threads');

interface Started {
  readonly worker: Worker;
  /** What the worker has posted, as a program would see it. */
  readonly messages: unknown[];
}

/** @param prepare called before the worker can do anything */
async function started(prepare: (worker: Worker) => void = () => {}): Promise<Started> {
  const worker = new Worker(new URL('./alpha.worker.js', import.meta.url));
  const messages: unknown[] = [];
  worker.on('message', (message) => messages.push(message));
  prepare(worker);
  await until(() => messages.includes('ready'), 'the worker is ready');
  return { worker, messages };
}

function codeOf(promise: Promise<unknown>): Promise<string | undefined> {
  return promise.then(
    () => undefined,
    (error: RSocketError) => error.code,
  );
}

test('32 connections to one worker, each by itself, all at once', async () => {
  const { worker } = await started();
  const pool = new BufferPool({ tracking: true });
  const transport = new ShmClientTransport({ worker, pool, ringCapacity: 65_536 });
  const ends = await Promise.all(Array.from({ length: 32 }, () => connectAlpha(transport)));
  const answers = await Promise.all(ends.flatMap((end, i) => [askText(end, `a${i}`), askText(end, `b${i}`)]));
  assert.equal(
    answers,
    ends.flatMap((_, i) => [`a${i}`, `b${i}`]),
  );
  // The end of one is not that of the others.
  ends[0]?.rsocket.close();
  assert.is(await askText(ends[1] as never, 'still there'), 'still there');
  for (const { rsocket } of ends.slice(1)) rsocket.close();
  await worker.terminate();
  pool.assertQuiescent();
});

test('the worker connects to its parent, many times, and each side asks', async () => {
  let bound: Promise<Bound> | undefined;
  const { worker, messages } = await started((worker) => {
    bound = bindAlpha(new ShmServerTransport({ worker }));
  });
  worker.postMessage({ command: 'ask', connections: 8 });
  const answersIn = (message: unknown): unknown => (message as { answers?: unknown }).answers;
  await until(() => messages.some(answersIn), 'the worker was answered');
  assert.equal(
    messages.map(answersIn).find(Boolean),
    Array.from({ length: 8 }, (_, i) => `worker ${i}`),
  );
  const { ends, close } = (await bound) as Bound;
  assert.is(ends.length, 8);
  const answers = await Promise.all(ends.map((end, i) => askText(end, `parent ${i}`)));
  assert.equal(answers.at(-1), 'parent 7');
  worker.postMessage({ command: 'hang up' });
  await Promise.all(ends.map(({ closed }) => closed));
  close();
  await worker.terminate();
});

test('beside links, services of other names and what the program posts itself', async () => {
  const { worker, messages } = await started();
  const [mine, other, link] = await Promise.all([
    connectAlpha(new ShmClientTransport({ worker })),
    connectAlpha(new ShmClientTransport({ worker, service: 'other' })),
    connectWorker(worker),
  ]);
  assert.is(await askText(mine, 'mine'), 'mine');
  assert.is(await askText(other, 'mine'), 'the other one');
  assert.is((await link.requestResponse('yours')).dataUtf8(), 'linked: yours');
  worker.postMessage({ command: 'close' });
  await until(() => messages.includes('closed'), 'the worker has heard');
  // A server that was closed takes no more, and leaves those alone that it has.
  assert.is(await askText(mine, 'still here'), 'still here');
  assert.is(await codeOf(connectAlpha(new ShmClientTransport({ worker }))), 'ERR_FLYSOCKET_LINK_REFUSED');
  assert.is(
    await askText(await connectAlpha(new ShmClientTransport({ worker, service: 'other' })), ''),
    'the other one',
  );
  await link.close();
  await worker.terminate();
});

test('a service that is not there is said to be none; too many connections are refused', async () => {
  const { worker } = await started();
  assert.is(
    await codeOf(connectAlpha(new ShmClientTransport({ worker, service: 'none' }))),
    'ERR_FLYSOCKET_LINK_REFUSED',
  );
  const transport = new ShmClientTransport({ worker, ringCapacity: 1_024 });
  const ends = await Promise.all(Array.from({ length: 64 }, () => connectAlpha(transport)));
  assert.is(await codeOf(connectAlpha(transport)), 'ERR_FLYSOCKET_LINK_REFUSED');
  ends[0]?.rsocket.close();
  let again: Connected | undefined;
  while (again === undefined) again = await connectAlpha(transport).catch(() => undefined);
  assert.is(await askText(again, 'there is room again'), 'there is room again');
  await worker.terminate();
});

test('the end of the worker fails what runs, once, and every connection hears of it', async () => {
  const { worker } = await started();
  const pool = new BufferPool({ tracking: true });
  const transport = new ShmClientTransport({ worker, pool });
  const ends = await Promise.all([connectAlpha(transport), connectAlpha(transport)]);
  const failures = ends.flatMap((end) => [failureOf(ask(end, 'never')), failureOf(ask(end, 'never'))]);
  let streamErrors = 0;
  ends[0]?.rsocket.requestStream({ data: Buffer.from('') }, 10, {
    onNext: () => {},
    onComplete: () => {},
    onError: () => streamErrors++,
    onExtension: () => {},
  });
  await askText(ends[0] as never, 'all before has come');
  await worker.terminate();
  for (const failure of await Promise.all(failures)) assert.match(failure, 'Closed.');
  assert.is(streamErrors, 1);
  for (const { closed } of ends) assert.is(((await closed) as RSocketError).code, 'ERR_FLYSOCKET_PEER_DIED');
  pool.assertQuiescent();
  assert.is(await codeOf(connectAlpha(transport)), 'ERR_FLYSOCKET_PEER_DIED');
});

test('a worker that ends while it is connected to', async () => {
  const worker = new Worker('setTimeout(() => {}, 20)', { eval: true });
  assert.is(await codeOf(connectAlpha(new ShmClientTransport({ worker }))), 'ERR_FLYSOCKET_PEER_DIED');
});

test('a worker in which nobody listens', async () => {
  const worker = new Worker('setInterval(() => {}, 1000)', { eval: true });
  const transport = new ShmClientTransport({ worker, handshakeTimeoutMs: 50 });
  assert.is(await codeOf(connectAlpha(transport)), 'ERR_FLYSOCKET_LINK_TIMEOUT');
  await worker.terminate();
});

test('without a worker, a port or a parent there is nobody to connect to', async () => {
  assert.is(await codeOf(connectAlpha(new ShmClientTransport())), 'ERR_FLYSOCKET_NO_PARENT');
  assert.is(await codeOf(bindAlpha(new ShmServerTransport())), 'ERR_FLYSOCKET_NO_PARENT');
});

/** Both ends in this thread. */
async function withPair(
  options: ShmClientOptions,
  body: (transport: ShmClientTransport, bound: Bound) => Promise<void>,
) {
  const { port1, port2 } = new MessageChannel();
  const pool = new BufferPool({ tracking: true });
  const bound = await bindAlpha(new ShmServerTransport({ port: port2, pool }));
  try {
    await body(new ShmClientTransport({ port: port1, pool, ...options }), bound);
  } finally {
    for (const { rsocket } of bound.ends) rsocket.close();
    bound.close();
    port1.close();
  }
  await until(() => pool.stats.inUse === 0, 'all memory has come back');
  pool.assertQuiescent();
}

test('two servers of one name', () =>
  withPair({}, async () => {
    const { port1, port2 } = new MessageChannel();
    const first = await bindAlpha(new ShmServerTransport({ port: port2 }));
    assert.is(await codeOf(bindAlpha(new ShmServerTransport({ port: port2 }))), 'ERR_FLYSOCKET_LISTEN');
    first.close();
    const second = await bindAlpha(new ShmServerTransport({ port: port2 }));
    assert.is(await askText(await connectAlpha(new ShmClientTransport({ port: port1 })), 'second'), 'second');
    for (const { rsocket } of second.ends) rsocket.close();
    second.close();
    port1.close();
  }));

for (const [what, options] of [
  ['by reference', {}],
  ['in fragments', { byReference: false }],
  ['in fragments, through a ring of 4 KiB', { byReference: false, ringCapacity: 4_096 }],
] as const) {
  test(`payloads of 1 MiB and more there and back, ${what}`, () =>
    withPair(options, async (transport, bound) => {
      const client = await connectAlpha(transport);
      const large: Payload[] = [
        { data: Buffer.from(bytesOf(1, 1_048_576)) },
        { data: Buffer.from(bytesOf(2, 1_048_576)), metadata: Buffer.from(bytesOf(3, 1_048_576)) },
        { data: Buffer.alloc(0), metadata: Buffer.from(bytesOf(4, 1_048_576)) },
        { data: Buffer.from(bytesOf(5, 3_000_001)), metadata: Buffer.alloc(0) },
      ];
      await until(() => bound.ends.length === 1, 'the client was let in');
      for (const end of [client, bound.ends[0] as never]) {
        const answers = await Promise.all(large.map((payload) => ask(end, payload)));
        answers.forEach(({ data, metadata }, i) => {
          assert.ok(data?.equals(large[i]?.data as Buffer), `data of ${i}`);
          const expected = large[i]?.metadata;
          assert.is(metadata?.length, expected?.length);
          if (expected !== undefined) assert.ok(metadata?.equals(expected as Buffer), `metadata of ${i}`);
        });
      }
    }));
}

test('a reader that asks for little is sent no more, and what waits stays bounded', () =>
  withPair({ ringCapacity: 4_096, maxOutboundBytes: 65_536 }, async (transport, bound) => {
    const client = await connectAlpha(transport);
    let received = 0;
    const stream = client.rsocket.requestStream({ data: Buffer.from('') }, 3, {
      onNext: () => received++,
      onComplete: () => {},
      onError: () => {},
      onExtension: () => {},
    });
    await until(() => received === 3, 'what was asked for has come');
    await turns(5);
    assert.is(received, 3);
    for (let asked = 3; asked < 10_000; ) {
      const more = 500;
      asked += more;
      stream.request(more);
      await until(() => received === asked, 'what was asked for has come');
    }
    stream.cancel();
    await askText(client, 'all before has come');
    const last = received;
    await turns(5);
    assert.is(received, last);
    assert.is(bound.ends.length, 1);
  }));

test('a peer that asks for more than it reads is cut off at the bound', async () => {
  const { port1, port2 } = new MessageChannel();
  const pool = new BufferPool({ tracking: true });
  const bound = await bindAlpha(new ShmServerTransport({ port: port2, maxOutboundBytes: 100_000, pool }));
  const client = await connectAlpha(new ShmClientTransport({ port: port1, ringCapacity: 4_096 }));
  client.rsocket.requestStream({ data: Buffer.from('') }, 1_000_000, {
    onNext: () => {},
    onComplete: () => {},
    onError: () => {},
    onExtension: () => {},
  });
  await until(() => bound.ends.length === 1, 'it was let in');
  const [end] = bound.ends as [Connected];
  assert.is(((await end.closed) as RSocketError).code, 'ERR_FLYSOCKET_OUTBOUND_FULL');
  await client.closed;
  bound.close();
  port1.close();
  pool.assertQuiescent();
});

test('many short connections leave nothing behind', () =>
  withPair({ ringCapacity: 4_096 }, async (transport, bound) => {
    for (let i = 0; i < 100; i++) {
      const client = await connectAlpha(transport);
      assert.is(await askText(client, String(i)), String(i));
      client.rsocket.close();
      await bound.ends[i]?.closed;
    }
  }));

test.run();
