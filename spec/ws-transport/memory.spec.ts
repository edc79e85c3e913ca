import { BufferPool } from 'flysocket/pool';
import { BACK_PRESSURED } from 'flysocket/transport';
import { WebSocketConnection, type WebSocketLike } from 'flysocket/ws-transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { RecordingHandler } from '../tck/RecordingHandler.ts';
import { turns, until } from '../tck/until.ts';
import { frameOf, RawEnd } from './rawEnd.ts';

const test = suite('connections over WebSockets and their memory');

const BINARY = 0x2;

test('who has little to say holds MIN_SLAB_LENGTH, and who has nothing to say nothing', async () => {
  const end = new RawEnd(false);
  end.connection.commit(end.connection.tryClaim(10, 0));
  assert.is(end.pool.stats.bytesInUse, 4_096);
  await until(() => end.received.length === 12, 'it has left');
  await turns(3);
  assert.is(end.pool.stats.inUse, 0);
  await end.dispose();
});

test('a message that is not whole holds MIN_PENDING_LENGTH, and no more than twice what has come', async () => {
  const end = new RawEnd(false);
  const bytes = frameOf(BINARY, new Uint8Array(60_000));
  for (let at = 0; at < bytes.length; at += 1_000) {
    const part = bytes.subarray(at, at + 1_000);
    end.raw.write(part);
    await until(() => end.connection.bytesReceived === at + part.length, 'it has come');
    const { bytesInUse } = end.pool.stats;
    // The pool's size classes are at most a quarter apart.
    const most = 1.25 * Math.max(2_048, 2 * (at + part.length));
    assert.ok(bytesInUse <= most, `${bytesInUse} bytes for ${at + part.length}`);
  }
  assert.is(end.handler.frames[0]?.length, 60_000);
  assert.is(end.pool.stats.inUse, 0);
  await end.dispose();
});

test('in browsers who waits looks again each POLL_INTERVAL_MS', async () => {
  const socket = {
    binaryType: 'arraybuffer',
    bufferedAmount: 1_000_000,
    protocol: '',
    onopen: null,
    onmessage: null,
    onerror: null,
    onclose: null,
    send() {},
    close() {},
  };
  const connection = new WebSocketConnection(socket as WebSocketLike, { pool: new BufferPool(), closeTimeoutMs: 1 });
  const handler = new RecordingHandler();
  connection.receive(handler);
  assert.is(connection.tryClaim(10, 0), BACK_PRESSURED);
  await turns(20);
  assert.is(handler.count('writable'), 0);
  socket.bufferedAmount = 0;
  await until(() => handler.count('writable') === 1, 'there is room');
  connection.close();
  await connection.onClose;
});

test.run();
