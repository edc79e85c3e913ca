import { RSocketError } from 'flysocket/flyweight';
import { InProcessConnection, type InProcessOptions, MIN_IN_PROCESS_CAPACITY } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { type ConnectionPair, duplexConnectionKit } from '../tck/duplexConnection.ts';
import { HandCrank } from '../tck/HandCrank.ts';
import { RecordingHandler } from '../tck/RecordingHandler.ts';

async function makePair(options: InProcessOptions): Promise<ConnectionPair> {
  const [left, right] = InProcessConnection.pair(options);
  return { left, right, close: () => left.close() };
}

duplexConnectionKit('InProcessConnection', () => makePair({}));
duplexConnectionKit('InProcessConnection of 1,001 bytes', () => makePair({ capacity: 1_001 }));
duplexConnectionKit('InProcessConnection on setImmediate', () =>
  makePair({ capacity: 4_096, schedule: (task) => setImmediate(task) }),
);

const test = suite('InProcessConnection');

function send(connection: InProcessConnection, byte: number, length = 1): boolean {
  const index = connection.tryClaim(length, 0);
  if (index < 0) return false;
  connection.buffer.putUint8(index, byte);
  connection.commit(index);
  return true;
}

test('runs nothing but by its schedule', () => {
  const crank = new HandCrank();
  const [left, right] = InProcessConnection.pair({ schedule: crank.schedule });
  const handler = new RecordingHandler();
  right.receive(handler);
  crank.run();
  send(left, 1);
  send(left, 2);
  assert.is(handler.frames.length, 0);
  assert.is(crank.pending, 1, 'one delivery for both');
  crank.step();
  assert.equal(handler.frames, [Uint8Array.of(1), Uint8Array.of(2)]);
});

test('hands frames and the end to who receives after the end', () => {
  const crank = new HandCrank();
  const [left, right] = InProcessConnection.pair({ schedule: crank.schedule });
  const error = new RSocketError('ERR_FLYSOCKET_SPEC', 'the end');
  send(left, 1);
  left.close(error);
  crank.run();
  const handler = new RecordingHandler();
  right.receive(handler);
  crank.run();
  assert.equal(handler.signals, ['frame', 'closed']);
  assert.equal(handler.closedWith, [error]);
  const closer = new RecordingHandler();
  left.receive(closer);
  crank.run();
  assert.equal(closer.signals, ['closed']);
});

test('gives each side that closed its own error', async () => {
  const crank = new HandCrank();
  const [left, right] = InProcessConnection.pair({ schedule: crank.schedule });
  const errors = [new RSocketError('ERR_FLYSOCKET_SPEC', 'l'), new RSocketError('ERR_FLYSOCKET_SPEC', 'r')] as const;
  left.close(errors[0]);
  right.close(errors[1]);
  crank.run();
  assert.is(await left.onClose, errors[0]);
  assert.is(await right.onClose, errors[1]);
});

test('delivers nothing to a side that knows of the end', () => {
  const crank = new HandCrank();
  const [left, right] = InProcessConnection.pair({ schedule: crank.schedule });
  const handler = new RecordingHandler();
  left.receive(handler);
  right.receive(new RecordingHandler());
  crank.run();
  left.close();
  send(right, 1);
  crank.run();
  assert.equal(handler.signals, ['closed']);
});

test('owes its onWritable to who receives late', () => {
  const crank = new HandCrank();
  const [left, right] = InProcessConnection.pair({ capacity: 128, schedule: crank.schedule });
  right.receive(new RecordingHandler());
  while (send(left, 1, 40));
  crank.run();
  const handler = new RecordingHandler();
  left.receive(handler);
  crank.run();
  assert.equal(handler.signals, ['writable']);
});

test('lets a claim that was open at the end be committed or aborted into nothing', () => {
  const crank = new HandCrank();
  const [left, right] = InProcessConnection.pair({ schedule: crank.schedule });
  const handler = new RecordingHandler();
  right.receive(handler);
  const index = left.tryClaim(8, 0);
  left.close();
  crank.run();
  left.commit(index);
  left.abort(index);
  crank.run();
  assert.equal(handler.signals, ['closed']);
});

test('two that answer each other without end leave the event loop its turns: DELIVERIES_PER_TURN', async () => {
  const [left, right] = InProcessConnection.pair();
  let isOver = false;
  for (const end of [left, right]) {
    const handler = new RecordingHandler();
    handler.afterFrame = () => {
      if (!isOver) send(end, 1);
    };
    end.receive(handler);
  }
  send(left, 1);
  await new Promise((resolve) => setTimeout(resolve, 1));
  isOver = true;
});

test('refuses a capacity that holds no frame', () => {
  for (const capacity of [0, -8, MIN_IN_PROCESS_CAPACITY - 1, Number.NaN]) {
    assert.throws(
      () => InProcessConnection.pair({ capacity }),
      (error: RSocketError) => error.code === 'ERR_FLYSOCKET_IN_PROCESS_CAPACITY',
    );
  }
  const [left] = InProcessConnection.pair({ capacity: MIN_IN_PROCESS_CAPACITY });
  assert.ok(left.maxFrameLength >= 64);
});

test.run();
