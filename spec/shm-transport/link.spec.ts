/** One link, both of whose ends are in this thread: what `ShmLink` does beyond the contract of every connection. */
import { type CounterBlock, CountersReader, LinkCounter, processCounters, ThreadCounter } from 'flysocket/counters';
import { DrainLoop } from 'flysocket/shm-transport';
import { BACK_PRESSURED, CLOSED } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { RecordingHandler } from '../tck/RecordingHandler.ts';
import { until } from '../tck/until.ts';
import { framesOf, linkOver, linkPair, sendFrame } from './linkSupport.ts';

const test = suite('link');
const CAPACITY = 1_024;
/** Offsets of control words in a ring's trailer (docs/wire/ring.md). */
const TAIL = 128;
const HEAD = 256;

function wordAt(offset: number): number {
  return offset >> 2;
}

test('frames arrive whole and in order at every alignment', async () => {
  const [left, right] = await linkPair(CAPACITY);
  const received = new RecordingHandler();
  right.receive(received);
  const sent = Array.from({ length: 64 }, (_, i) => 'x'.repeat(i));
  for (const [i, frame] of sent.entries()) {
    const index = sendFrame(left, frame, i & 7);
    if (index < 0) await until(() => sendFrame(left, frame, i & 7) >= 0, 'it can be sent');
    else assert.is(index & 7, i & 7);
  }
  await until(() => received.frames.length === sent.length, 'the frames have come');
  assert.equal(framesOf(received), sent);
  left.close();
  await right.onClose;
});

test('the longest frame passes at every alignment, and one byte more throws', async () => {
  const [left, right] = await linkPair(CAPACITY);
  const received = new RecordingHandler();
  right.receive(received);
  const longest = 'y'.repeat(left.maxFrameLength);
  for (let alignment = 0; alignment < 8; alignment++)
    await until(() => sendFrame(left, longest, alignment) >= 0, 'it can be sent');
  await until(() => received.frames.length === 8, 'the frames have come');
  assert.ok(framesOf(received).every((frame) => frame === longest));
  assert.throws(() => left.tryClaim(longest.length + 1, 0), /maxFrameLength=121/);
  left.close();
});

test('one claim at a time; commit and abort want the open one', async () => {
  const [left, right] = await linkPair();
  const received = new RecordingHandler();
  right.receive(received);
  const index = left.tryClaim(8, 3);
  assert.throws(
    () => left.tryClaim(8, 0),
    (error: { code: string }) => error.code === 'ERR_FLYSOCKET_CLAIM_OPEN',
  );
  assert.throws(
    () => left.commit(index + 8),
    (error: { code: string }) => error.code === 'ERR_FLYSOCKET_NO_CLAIM',
  );
  left.abort(index);
  assert.throws(
    () => left.abort(index),
    (error: { code: string }) => error.code === 'ERR_FLYSOCKET_NO_CLAIM',
  );
  sendFrame(left, 'after');
  await until(() => received.frames.length > 0, 'the frames have come');
  assert.equal(framesOf(received), ['after']);
  left.close();
});

test('a claim that is open when the link ends goes with it', async () => {
  const [left, right] = await linkPair();
  const received = new RecordingHandler();
  left.receive(new RecordingHandler());
  right.receive(received);
  sendFrame(left, 'before');
  const index = left.tryClaim(8, 0);
  left.close();
  left.commit(index);
  left.abort(index);
  assert.is(left.tryClaim(8, 0), CLOSED);
  await right.onClose;
  assert.equal(framesOf(received), ['before']);
});

test('refused claims are followed by one onWritable, when half of the ring is free', async () => {
  const [left, right] = await linkPair(CAPACITY);
  const [writer, reader] = [new RecordingHandler(), new RecordingHandler()];
  left.receive(writer);
  let sent = 0;
  while (sendFrame(left, String(sent).padEnd(50)) >= 0) sent++;
  assert.is(left.tryClaim(1_00, 0), BACK_PRESSURED);
  assert.is(left.tryClaim(1_00, 0), BACK_PRESSURED);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.is(writer.count('writable'), 0);
  right.receive(reader);
  await until(() => writer.count('writable') > 0, 'there is room again');
  await until(() => reader.frames.length === sent, 'the frames have come');
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.is(writer.count('writable'), 1);
  left.close();
});

test('nothing is delivered before receive, and then everything, even if the peer has closed meanwhile', async () => {
  const [left, right] = await linkPair();
  sendFrame(left, 'one');
  sendFrame(left, 'two');
  left.close();
  await new Promise((resolve) => setTimeout(resolve, 20));
  const received = new RecordingHandler();
  right.receive(received);
  assert.equal(framesOf(received), []);
  assert.is(await right.onClose, undefined);
  assert.equal(framesOf(received), ['one', 'two']);
  assert.equal(received.closedWith, [undefined]);
});

test('closing within a handler: nothing comes after, and both ends hear of it once', async () => {
  const [left, right] = await linkPair();
  const [sender, receiver] = [new RecordingHandler(), new RecordingHandler()];
  left.receive(sender);
  right.receive(receiver);
  receiver.afterFrame = () => {
    sendFrame(right, 'last words');
    right.close();
    right.close();
  };
  sendFrame(left, 'first');
  sendFrame(left, 'second');
  await Promise.all([left.onClose, right.onClose]);
  assert.equal(framesOf(receiver), ['first']);
  assert.equal(framesOf(sender), ['last words']);
  assert.equal([receiver.count('closed'), sender.count('closed')], [1, 1]);
});

test('both ends close at once', async () => {
  const [left, right] = await linkPair();
  const recorders = [new RecordingHandler(), new RecordingHandler()] as const;
  left.receive(recorders[0]);
  right.receive(recorders[1]);
  left.close();
  right.close();
  assert.equal(await Promise.all([left.onClose, right.onClose]), [undefined, undefined]);
  assert.equal([recorders[0].count('closed'), recorders[1].count('closed')], [1, 1]);
});

test('a handler that throws ends its link, and no other', async () => {
  const [left, right] = await linkPair();
  const [otherLeft, otherRight] = await linkPair();
  const [broken, sound] = [new RecordingHandler(), new RecordingHandler()];
  const before = DrainLoop.ofThisThread().counters.get(ThreadCounter.HANDLER_ERRORS);
  broken.afterFrame = () => {
    throw new TypeError('a bug');
  };
  right.receive(broken);
  otherRight.receive(sound);
  sendFrame(left, 'frame');
  left.receive(new RecordingHandler());
  const error = await right.onClose;
  assert.is(error?.code, 'ERR_FLYSOCKET_HANDLER_FAILED');
  assert.instance(error?.cause, TypeError);
  assert.is(await left.onClose, undefined);
  sendFrame(otherLeft, 'goes on');
  await until(() => sound.frames.length === 1, 'the frames have come');
  assert.is(DrainLoop.ofThisThread().counters.get(ThreadCounter.HANDLER_ERRORS), before + 1);
  otherLeft.close();
});

test('what onWritable throws ends its link too', async () => {
  const [left, right] = await linkPair(CAPACITY);
  left.receive({
    onFrame() {},
    onWritable() {
      throw new TypeError('a bug');
    },
    onClosed() {},
  });
  while (sendFrame(left, 'x'.repeat(50)) >= 0);
  right.receive(new RecordingHandler());
  assert.is((await left.onClose)?.code, 'ERR_FLYSOCKET_HANDLER_FAILED');
});

const SCRIBBLES = {
  'a tail beyond the ring': [TAIL, CAPACITY + 8],
  'a tail before the head': [TAIL, -8],
  'a tail between records': [TAIL, 12],
} as const;

for (const [name, [offset, value]] of Object.entries(SCRIBBLES)) {
  test(`${name} ends the link of the reader`, async () => {
    const { ring0, left, right } = await linkOver(CAPACITY);
    const received = new RecordingHandler();
    right.receive(received);
    sendFrame(left, 'sound');
    await until(() => received.frames.length === 1, 'the frames have come');
    const word = wordAt(CAPACITY + offset);
    Atomics.add(ring0, word, value);
    const error = await right.onClose;
    assert.is(error?.code, 'ERR_FLYSOCKET_RING_CORRUPT');
    assert.equal(framesOf(received), ['sound']);
    assert.equal(received.closedWith, [error]);
    left.close();
  });
}

test('a record that is none ends the link of the reader, after the sound ones before it', async () => {
  for (const [length, type] of [
    [4, 1],
    [CAPACITY, 1],
    [-1, 1],
    [16, 0],
    [16, -7],
    [16, -1],
    [16, 9],
    [12, 8],
  ] as const) {
    const { ring0, left, right } = await linkOver(CAPACITY);
    const received = new RecordingHandler();
    right.receive(received);
    sendFrame(left, '12345678');
    const index = sendFrame(left, '12345678');
    ring0[(index - 8) >> 2] = length;
    ring0[(index - 4) >> 2] = type;
    const error = await right.onClose;
    assert.is(error?.code, 'ERR_FLYSOCKET_RING_CORRUPT', `length=${length}, type=${type}: ${error?.message}`);
    assert.equal(framesOf(received), ['12345678']);
    left.close();
  }
});

for (const [name, value] of [
  ['beyond the tail', 8],
  ['far behind', -4 * CAPACITY],
  ['between records', -3],
] as const) {
  test(`a head ${name} ends the link of the writer: the claim is CLOSED, the end follows`, async () => {
    const { ring0, left } = await linkOver(CAPACITY);
    const writer = new RecordingHandler();
    left.receive(writer);
    let index = 0;
    while (index >= 0) index = sendFrame(left, 'x'.repeat(50));
    assert.is(index, BACK_PRESSURED);
    left.flush();
    Atomics.add(
      ring0,
      wordAt(CAPACITY + HEAD),
      value + (value === 8 ? Atomics.load(ring0, wordAt(CAPACITY + TAIL)) : 0),
    );
    assert.is(left.tryClaim(100, 0), CLOSED);
    assert.equal(writer.closedWith, []);
    assert.is((await left.onClose)?.code, 'ERR_FLYSOCKET_RING_CORRUPT');
    assert.is(left.tryClaim(100, 0), CLOSED);
    assert.is(writer.count('closed'), 1);
  });
}

test('a head that makes no sense is noticed by who waits for room, too', async () => {
  const { ring0, left } = await linkOver(CAPACITY);
  left.receive(new RecordingHandler());
  while (sendFrame(left, 'x'.repeat(50)) >= 0);
  left.flush();
  Atomics.store(ring0, wordAt(CAPACITY + HEAD), -4 * CAPACITY);
  assert.is((await left.onClose)?.code, 'ERR_FLYSOCKET_RING_CORRUPT');
});

test('the counters of a link can be read by all while it is open, and by who holds them after', async () => {
  const reader = new CountersReader(processCounters().memory);
  const live = (): number => reader.blocks().filter((block) => block.live && block.label.startsWith('counted')).length;
  const [left, right] = await linkPair(CAPACITY, 'counted');
  assert.is(live(), 6);
  const received = new RecordingHandler();
  left.receive(new RecordingHandler());
  right.receive(received);
  for (let i = 0; i < 10; i++) sendFrame(left, '0123456789', i & 7);
  await until(() => received.frames.length === 10, 'the frames have come');
  left.close();
  await right.onClose;
  await until(() => live() === 0, 'the counters are given back');
  const sums = (counters: CounterBlock, ...fields: number[]): number[] => fields.map((field) => counters.get(field));
  assert.equal(sums(left.counters, LinkCounter.FRAMES_SENT, LinkCounter.BYTES_SENT), [10, 100]);
  assert.equal(sums(right.counters, LinkCounter.FRAMES_RECEIVED, LinkCounter.BYTES_RECEIVED), [10, 100]);
});

test.run();
