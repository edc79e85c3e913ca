import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Handler } from 'flysocket/core';
import { RSocketError } from 'flysocket/flyweight';
import { BufferPool } from 'flysocket/pool';
import { connectTcp, openTcp, type ServeTcpOptions, serveTcp, type TcpAddress } from 'flysocket/tcp-transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { until } from '../tck/until.ts';
import { TEST_CERTIFICATE, TEST_KEY } from './testCertificate.ts';

const test = suite('connectTcp and serveTcp');

const LOOPBACK = { host: '127.0.0.1', port: 0 };
const LARGE = 1_000_000;

const echo: Handler = {
  requestResponse: (payload) => payload,
  async *requestStream() {
    for (let i = 0; i < 100; i++) yield { data: String(i) };
  },
};

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'flysocket-'));
  try {
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function rejectedWith(promise: Promise<unknown>): Promise<RSocketError> {
  try {
    await promise;
  } catch (error) {
    assert.instance(error, RSocketError);
    return error as RSocketError;
  }
  throw new Error('it did not reject');
}

function unexpected(): never {
  throw new Error('it did not reject');
}

/** A server, a client that asks it small and large things, and an orderly end. */
async function talksOver(address: TcpAddress, options: ServeTcpOptions, tls: boolean): Promise<void> {
  const pool = new BufferPool({ tracking: true });
  const server = await serveTcp(address, echo, { ...options, pool });
  const client = await connectTcp(server.address, { pool, ...(tls ? { tls: { ca: TEST_CERTIFICATE } } : {}) });
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, i) => client.requestResponse({ data: `request ${i}`, metadata: 'm' })),
  );
  assert.equal(
    answers.map((answer) => answer.dataUtf8()),
    Array.from({ length: 50 }, (_, i) => `request ${i}`),
  );
  const large = new Uint8Array(LARGE).map((_, i) => i * 7);
  assert.equal((await client.requestResponse({ data: large })).data, large);
  let items = 0;
  for await (const item of client.requestStream({ data: 'go' })) assert.is(item.dataUtf8(), String(items++));
  assert.is(items, 100);
  assert.is(server.peers.size, 1);
  await server.close();
  await client.onClose;
  assert.is(server.peers.size + server.connections, 0);
  await until(() => pool.stats.inUse === 0, 'all memory has come back');
  pool.assertQuiescent();
}

test('talk over TCP', () => talksOver(LOOPBACK, {}, false));

test('talk over TLS', () => talksOver(LOOPBACK, { tls: { cert: TEST_CERTIFICATE, key: TEST_KEY } }, true));

test('talk over a Unix socket, whose file goes with its server', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'socket');
    await talksOver({ path }, {}, false);
    assert.not(existsSync(path));
  }));

test('a file that a killed server left behind is no obstacle', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'socket');
    const program = join(folder, 'killed.mjs');
    writeFileSync(
      program,
      `import { createServer } from 'node:net'; createServer().listen(${JSON.stringify(path)}, () => process.send(1));`,
    );
    const killed = fork(program);
    await new Promise((resolve) => killed.once('message', resolve));
    const exited = new Promise((resolve) => killed.once('exit', resolve));
    killed.kill('SIGKILL');
    await exited;
    assert.ok(existsSync(path));
    await talksOver({ path }, {}, false);
  }));

test('a path on which somebody listens, or that is a file, is left alone', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'socket');
    const server = await serveTcp({ path }, echo);
    const taken = await rejectedWith(serveTcp({ path }, echo));
    assert.is(taken.code, 'ERR_FLYSOCKET_LISTEN');
    assert.match(taken.message, path);
    await server.close();
    writeFileSync(path, 'precious');
    assert.is((await rejectedWith(serveTcp({ path }, echo))).code, 'ERR_FLYSOCKET_LISTEN');
    assert.ok(existsSync(path));
  }));

test('a port on which nobody listens, and a name that is nobody', async () => {
  const server = await serveTcp(LOOPBACK, echo);
  const { address } = server;
  await server.close();
  const refused = await rejectedWith(connectTcp(address));
  assert.is(refused.code, 'ERR_FLYSOCKET_CONNECT_FAILED');
  assert.instance(refused.cause, Error);
});

test('a handshake that does not come is not waited for', async () => {
  const silent = createServer((socket) => socket.on('error', () => {}).resume());
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as { port: number };
  const address = { host: '127.0.0.1', port };
  const late = await rejectedWith(openTcp(address, { tls: true, connectTimeoutMs: 20 }));
  assert.is(late.code, 'ERR_FLYSOCKET_CONNECT_TIMEOUT');
  const reason = new Error('enough');
  const given = openTcp(address, { tls: true, signal: AbortSignal.abort(reason) });
  await given.then(unexpected, (error) => assert.is(error, reason));
  const controller = new AbortController();
  const givenLater = openTcp(address, { tls: true, signal: controller.signal });
  setImmediate(() => controller.abort(reason));
  await givenLater.then(unexpected, (error) => assert.is(error, reason));
  await new Promise((resolve) => silent.close(resolve));
});

test('a certificate that nobody vouches for is refused', async () => {
  const server = await serveTcp(LOOPBACK, echo, { tls: { cert: TEST_CERTIFICATE, key: TEST_KEY } });
  const refused = await rejectedWith(connectTcp(server.address, { tls: true }));
  assert.is(refused.code, 'ERR_FLYSOCKET_CONNECT_FAILED');
  await server.close();
});

test('a server that closes does not wait for a handshake', async () => {
  const server = await serveTcp(LOOPBACK, echo, { tls: { cert: TEST_CERTIFICATE, key: TEST_KEY } });
  const { port } = server.address as { port: number };
  const raw = connect({ port, host: '127.0.0.1' });
  raw.on('error', () => {});
  await new Promise((resolve) => raw.once('connect', resolve));
  await server.close();
  raw.destroy();
});

test('connections beyond the bound are ended, the others stay', async () => {
  const server = await serveTcp(LOOPBACK, echo, { maxConnections: 2 });
  const clients = [await connectTcp(server.address), await connectTcp(server.address)];
  for (const client of clients) await client.requestResponse({ data: 'let in' });
  const third = await connectTcp(server.address);
  await third.requestResponse({ data: 'too many' }).then(unexpected, (error) => {
    assert.instance(error, RSocketError);
  });
  await third.onClose;
  for (const client of clients) assert.is((await client.requestResponse({ data: 'still' })).dataUtf8(), 'still');
  await server.close();
});

test('what is no RSocket is told so, and the server lives on', async () => {
  const refused: unknown[] = [];
  const server = await serveTcp(LOOPBACK, echo, { onRefused: (error) => refused.push(error) });
  const { port } = server.address as { port: number };
  const raw = connect({ port, host: '127.0.0.1' });
  const received: Buffer[] = [];
  raw.on('data', (chunk) => received.push(chunk));
  raw.write(new Uint8Array([0, 0, 0, 1, 2, 3]));
  await new Promise((resolve) => raw.once('end', resolve));
  raw.end();
  assert.ok(Buffer.concat(received).length > 9, 'an ERROR frame has come');
  await until(() => refused.length === 1, 'the server knows');
  const client = await connectTcp(server.address);
  assert.is((await client.requestResponse({ data: 'on' })).dataUtf8(), 'on');
  await client.close();
  await server.close();
});

test.run();
