import { BlockKind, CounterBlock, LinkCounter } from 'flysocket/counters';
import type { PooledBuffer } from 'flysocket/pool';
import { BACK_PRESSURED } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { RecordingHandler } from '../tck/RecordingHandler.ts';
import { turns, until } from '../tck/until.ts';
import { frameOf, stream, write } from './rawSupport.ts';
import { rawPair, tcpPair } from './tcpSupport.ts';

const test = suite('TcpConnection and its memory');

test('a reader that is slow is waited for, and loses nothing', async () => {
  const highWaterBytes = 65_536;
  const { left, right, pools, close } = await tcpPair('tcp', { highWaterBytes });
  const handler = new RecordingHandler();
  const counts = new RecordingHandler();
  const total = 24_000;
  const length = 1_000;
  let sent = 0;
  let refusals = 0;
  let mostBytes = 0;
  const pump = (): void => {
    while (sent < total) {
      const index = left.tryClaim(length, 0);
      mostBytes = Math.max(mostBytes, pools[0]?.stats.bytesInUse ?? 0);
      if (index === BACK_PRESSURED) {
        refusals++;
        return;
      }
      left.buffer.putInt32(index, sent++);
      left.commit(index);
    }
  };
  handler.afterWritable = pump;
  left.receive(handler);
  pump();
  await turns(200);
  assert.ok(sent < total, 'the system has taken what it can, and then no more');
  const stuckAt = sent;
  await turns(50);
  assert.is(sent, stuckAt);
  let next = 0;
  counts.onFrame = (buffer, offset) => assert.is(buffer.getInt32(offset), next++);
  right.receive(counts);
  await until(() => next === total, 'all frames have come');
  assert.ok(refusals > 1);
  assert.is(handler.count('writable'), refusals);
  assert.ok(mostBytes <= 2 * highWaterBytes + 65_536, `${mostBytes} bytes`);
  await close();
});

test('frames of a connection may be MIN_CONNECTION_FRAME_LENGTH long, however short those of streams are', async () => {
  const pair = await rawPair({ maxFrameLength: 64 });
  const { connection } = pair;
  assert.is(connection.maxFrameLength, 1_024);
  connection.receive(new RecordingHandler());
  connection.commit(connection.tryClaim(1_024, 0));
  assert.throws(() => connection.tryClaim(1_025, 0));
  await pair.close();
});

test('an idle connection holds no memory, and one with little to say MIN_SLAB_BYTES', async () => {
  const { left, right, pools, close } = await tcpPair();
  const handler = new RecordingHandler();
  left.receive(new RecordingHandler());
  right.receive(handler);
  left.commit(left.tryClaim(100, 0));
  left.abort(left.tryClaim(100, 0));
  await until(() => handler.frames.length === 1, 'the frame has come');
  await turns(3);
  assert.equal(
    pools.map((pool) => pool.stats.inUse),
    [0, 0],
  );
  left.abort(left.tryClaim(100, 0));
  assert.is(pools[0]?.stats.inUse, 1);
  assert.is(pools[0]?.stats.bytesInUse, 4_096);
  await turns(3);
  assert.is(pools[0]?.stats.inUse, 0);
  await close();
});

test('what is committed within a turn leaves in writes of MAX_SLAB_BYTES', async () => {
  const counters = CounterBlock.unregistered(BlockKind.LINK, 'spec');
  const pair = await rawPair({ counters });
  pair.connection.receive(new RecordingHandler());
  for (let i = 0; i < 200; i++) pair.connection.commit(pair.connection.tryClaim(1_000, 0));
  assert.is(counters.get(LinkCounter.FLUSHES), 3);
  await turns(3);
  assert.is(counters.get(LinkCounter.FLUSHES), 4);
  await pair.close();
});

test('a pool that others have exhausted is asked again: POOL_RETRY_MS', async () => {
  const pair = await rawPair();
  const handler = new RecordingHandler();
  pair.connection.receive(handler);
  const others: PooledBuffer[] = [];
  for (const length of [1_048_576, 4_096]) {
    for (let taken = pair.pool.tryAcquire(length); taken !== null; taken = pair.pool.tryAcquire(length))
      others.push(taken);
  }
  assert.is(pair.connection.tryClaim(100, 0), BACK_PRESSURED);
  for (const taken of others) taken.release();
  await until(() => handler.count('writable') === 1, 'there is room');
  pair.connection.commit(pair.connection.tryClaim(100, 0));
  await pair.close();
});

test('counts what it carries', async () => {
  const counters = CounterBlock.unregistered(BlockKind.LINK, 'spec');
  const pair = await rawPair({ counters });
  const handler = new RecordingHandler();
  pair.connection.receive(handler);
  for (let i = 0; i < 3; i++) pair.connection.commit(pair.connection.tryClaim(100, 0));
  await write(pair, stream([frameOf(10, 1), frameOf(20, 2)]));
  await until(() => handler.frames.length === 2, 'the frames have come');
  const count = (field: LinkCounter): number => counters.get(field);
  assert.equal(
    [count(LinkCounter.FRAMES_SENT), count(LinkCounter.BYTES_SENT), count(LinkCounter.FLUSHES)],
    [3, 300, 1],
  );
  assert.equal([count(LinkCounter.FRAMES_RECEIVED), count(LinkCounter.BYTES_RECEIVED)], [2, 30]);
  await pair.close();
});

test.run();
