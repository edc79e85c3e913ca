/** How a connection under the library waits for room, and how it ends. */
import type { RSocketError } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.ts';
import { turn, until } from '../../tck/until.ts';
import { endOf, nearClient, nextOf, serialized } from './adapterKit.ts';

const test = suite('compat/rsocket-core: waiting and ending');

test('what finds no room waits, in order, and leaves when there is some', async () => {
  const near = nearClient({}, { capacity: 1_024, reads: false });
  for (let i = 0; i < 1000; i++) near.connection.send(nextOf(1, Buffer.from(String(i))));
  assert.ok(near.pool.stats.inUse > 900);
  near.far.read();
  await until(() => near.far.arrived.length === 1000, 'all have come');
  const texts = near.far.arrived.map(({ bytes }) => Buffer.from(bytes).toString('utf8', 6));
  assert.equal(
    texts,
    texts.map((_, i) => String(i)),
  );
  await endOf(near);
});

test('beyond its bound what waits ends the connection', async () => {
  const near = nearClient({ maxOutboundBytes: 10_000 }, { capacity: 1_024, reads: false });
  const item = nextOf(1, Buffer.alloc(100));
  for (let i = 0; i < 1000; i++) near.connection.send(item);
  assert.is(near.closings.length, 1);
  assert.is((near.closings[0] as RSocketError).code, 'ERR_FLYSOCKET_OUTBOUND_FULL');
  assert.is(near.connection.availability, 0);
  near.connection.send(item);
  assert.is(near.pool.stats.inUse, 0);
  await endOf(near);
});

test('what was sent before `close` still leaves', async () => {
  const near = nearClient({}, { capacity: 1_024, reads: false });
  for (let i = 0; i < 100; i++) near.connection.send(nextOf(1, Buffer.alloc(100)));
  near.connection.close(new Error('enough'));
  assert.equal(near.closings.map(String), ['Error: enough']);
  near.far.read();
  await until(() => near.far.closed !== undefined, 'it has ended');
  assert.is(near.far.arrived.length, 100);
  assert.is(near.far.closed?.error, undefined);
  near.connection.close();
  assert.is(near.closings.length, 1);
  await endOf(near);
});

test('a peer that does not read what was sent before `close` is waited for no longer than was said', async () => {
  const near = nearClient({ closeLingerTimeoutMs: 10 }, { capacity: 1_024, reads: false });
  for (let i = 0; i < 100; i++) near.connection.send(nextOf(1, Buffer.alloc(100)));
  near.connection.close();
  await until(() => near.pool.stats.inUse === 0, 'it is given up');
  near.far.read();
  await until(() => near.far.closed !== undefined, 'it has ended');
  assert.ok(near.far.arrived.length < 100);
  await endOf(near);
});

test('who listens late is told at once, and why', async () => {
  const near = nearClient();
  near.far.connection.close();
  await until(() => near.closings.length === 1, 'it has ended');
  assert.is((near.closings[0] as RSocketError).code, 'ERR_FLYSOCKET_CONNECTION_CLOSED');
  let told: Error | undefined;
  near.connection.onClose((error) => {
    told = error;
  });
  assert.is(told, near.closings[0]);
  await endOf(near);
});

test('what the library throws at a frame ends the connection with it', async () => {
  const near = nearClient();
  await turn();
  const thrown = new Error('from a callback');
  near.streams.onFrame = () => {
    throw thrown;
  };
  near.far.sendBytes(serialized(nextOf(1, Buffer.alloc(1))));
  near.far.sendBytes(serialized(nextOf(1, Buffer.alloc(1))));
  await until(() => near.closings.length === 1, 'it has ended');
  assert.is(near.closings[0], thrown);
  assert.is(near.streams.frames.length, 1);
  await endOf(near);
});

test.run();
