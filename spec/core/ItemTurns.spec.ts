import { IgnoringSubscriber, ITEMS_PER_TURN, MAX_REQUEST_N, RSocketPeer } from 'flysocket/core';
import { PayloadFlyweight } from 'flysocket/flyweight';
import { BufferPool } from 'flysocket/pool';
import { InProcessConnection } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { HandCrank } from '../tck/HandCrank.ts';

const test = suite('items without end');

/** Room for far more items than a turn has. */
const CAPACITY = 1 << 20;

class Counting extends IgnoringSubscriber {
  items = 0;

  override onNext(): void {
    this.items++;
  }
}

test('an endless iterable, asked for items without end, sends a turn at a time and hears the cancel', () => {
  const crank = new HandCrank();
  const [left, right] = InProcessConnection.pair({ capacity: CAPACITY, schedule: crank.schedule });
  const pool = new BufferPool({ tracking: true });
  let pulled = 0;
  let returned = 0;
  const handler = {
    *requestStream() {
      try {
        for (;;) yield String(pulled++);
      } finally {
        returned++;
      }
    },
  };
  const client = new RSocketPeer(left, { firstStreamId: 1, pool });
  const server = new RSocketPeer(right, { firstStreamId: 2, pool, handler });
  const subscriber = new Counting();
  const streamId = client.zeroCopy.requestStream(new PayloadFlyweight(), MAX_REQUEST_N, subscriber);

  let largestTurn = 0;
  for (let turn = 0; turn < 40; turn++) {
    const before = pulled;
    crank.step();
    largestTurn = Math.max(largestTurn, pulled - before);
  }
  assert.is(largestTurn, ITEMS_PER_TURN);
  assert.ok(subscriber.items > 4 * ITEMS_PER_TURN, `it goes on: ${subscriber.items} items`);

  client.zeroCopy.cancel(streamId);
  crank.run(1_000);
  assert.is(returned, 1);
  assert.is(server.zeroCopy.openStreams, 0);
  server.zeroCopy.close();
  crank.run(1_000);
  pool.assertQuiescent();
});

test.run();
