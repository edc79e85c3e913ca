import { ErrorCode, RSocketError } from 'flysocket/flyweight';
import { CLOSED } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { RecordingHandler } from '../tck/RecordingHandler.ts';
import { turns, until } from '../tck/until.ts';
import { HandClock } from './HandClock.ts';
import { endOf, frameOf, receivedBy, stream, write } from './rawSupport.ts';
import { rawPair } from './tcpSupport.ts';

const test = suite('TcpConnection and its end');

test('a peer that resets the connection', async () => {
  const pair = await rawPair();
  const handler = new RecordingHandler();
  pair.connection.receive(handler);
  await write(pair, stream([frameOf(10, 1)]));
  await until(() => handler.frames.length === 1, 'the frame has come');
  pair.raw.resetAndDestroy();
  const error = await endOf(pair, handler);
  assert.is(error?.code, 'ERR_FLYSOCKET_CONNECTION_LOST');
  assert.match(String(error?.cause), 'ECONNRESET');
  assert.is(pair.connection.tryClaim(10, 0), CLOSED);
  await pair.close();
});

test('a peer that resets the connection while much is on its way', async () => {
  const pair = await rawPair();
  const handler = new RecordingHandler();
  pair.connection.receive(handler);
  pair.raw.pause();
  const fillUp = (): void => {
    for (;;) {
      const index = pair.connection.tryClaim(1_000, 0);
      if (index < 0) return;
      pair.connection.commit(index);
    }
  };
  handler.afterWritable = fillUp;
  fillUp();
  await turns(100);
  assert.ok(pair.pool.stats.inUse > 0);
  const open = pair.connection.tryClaim(10, 0);
  pair.raw.resetAndDestroy();
  assert.is((await endOf(pair, handler))?.code, 'ERR_FLYSOCKET_CONNECTION_LOST');
  pair.connection.commit(open);
  await pair.close();
});

test('a peer that ends its side gets what was committed', async () => {
  const pair = await rawPair();
  const handler = new RecordingHandler();
  const received = receivedBy(pair);
  pair.connection.receive(handler);
  handler.afterFrame = () => {
    const index = pair.connection.tryClaim(10, 0);
    pair.connection.buffer.putBytes(index, frameOf(10, 2));
    pair.connection.commit(index);
  };
  pair.raw.end(stream([frameOf(10, 1)]));
  await received.ended;
  assert.is(await endOf(pair, handler), undefined);
  assert.equal(received.bytes(), stream([frameOf(10, 2)]));
  await pair.close();
});

test('a peer that ends within a frame', async () => {
  const pair = await rawPair();
  const handler = new RecordingHandler();
  pair.connection.receive(handler);
  pair.raw.end(stream([frameOf(100, 1)]).subarray(0, 40));
  const error = await endOf(pair, handler);
  assert.is(error?.code, 'ERR_FLYSOCKET_CONNECTION_LOST');
  assert.match(error?.message ?? '', '40 bytes');
  await pair.close();
});

test('a peer that neither reads nor ends is left in the end', async () => {
  const clock = new HandClock();
  const pair = await rawPair({ clock, lingerTimeoutMs: 500 });
  const handler = new RecordingHandler();
  pair.connection.receive(handler);
  pair.raw.pause();
  pair.connection.commit(pair.connection.tryClaim(10, 0));
  pair.connection.close();
  await turns(50);
  assert.is(handler.count('closed'), 0);
  clock.advance(500);
  assert.is(await endOf(pair, handler), undefined);
  assert.is(clock.timers, 0);
  await pair.close();
});

test('of a long message the peer gets MAX_ERROR_LENGTH', async () => {
  const pair = await rawPair();
  const received = receivedBy(pair);
  const handler = new RecordingHandler();
  handler.afterFrame = () => {
    throw new RSocketError('ERR_FLYSOCKET_SPEC', 'x'.repeat(10_000), ErrorCode.CONNECTION_ERROR);
  };
  pair.connection.receive(handler);
  await write(pair, stream([frameOf(10, 1)]));
  await received.ended;
  assert.is(received.bytes().length, 3 + 10 + 256);
  pair.raw.end();
  await pair.close();
});

test('a handler that throws ends the connection, with what it threw', async () => {
  for (const [thrown, code] of [
    [new Error('mistake'), 'ERR_FLYSOCKET_HANDLER_FAILED'],
    [new RSocketError('ERR_FLYSOCKET_SPEC', 'as it is'), 'ERR_FLYSOCKET_SPEC'],
  ] as const) {
    const pair = await rawPair();
    const handler = new RecordingHandler();
    handler.afterFrame = () => {
      throw thrown;
    };
    pair.connection.receive(handler);
    const received = receivedBy(pair);
    await write(pair, stream([frameOf(10, 1), frameOf(10, 2)]));
    await received.ended;
    pair.raw.end();
    const error = await endOf(pair, handler);
    assert.is(error?.code, code);
    assert.is(code === 'ERR_FLYSOCKET_SPEC' ? error : error?.cause, thrown);
    assert.is(handler.frames.length, 1);
    await pair.close();
  }
});

test.run();
