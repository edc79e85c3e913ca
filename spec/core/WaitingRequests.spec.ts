import { MAX_WAITING_REQUESTS, RSocketPeer } from 'flysocket/core';
import type { RSocketError } from 'flysocket/flyweight';
import { BufferPool } from 'flysocket/pool';
import { InProcessConnection } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { HandClock } from '../tck/HandClock.ts';
import { HandCrank } from '../tck/HandCrank.ts';
import { turns } from '../tck/until.ts';

const test = suite('requests that wait for room');

test('as many as MAX_WAITING_REQUESTS wait, go in their order, and one more fails at once', async () => {
  const crank = new HandCrank();
  const pool = new BufferPool({ tracking: true });
  const clock = new HandClock();
  const [left, right] = InProcessConnection.pair({ schedule: crank.schedule });
  const heard: number[] = [];
  const handler = {
    fireAndForget: (payload: { dataUtf8(): string }) => {
      heard.push(Number(payload.dataUtf8()));
    },
  };
  const client = new RSocketPeer(left, { firstStreamId: 1, pool, clock });
  const server = new RSocketPeer(right, { firstStreamId: 2, pool, clock, handler });
  crank.run();
  let sent = 0;
  let atOnce = 0;
  const note = (): void => {
    atOnce++;
  };
  // Nothing is delivered meanwhile, so what fits goes at once, and the rest waits.
  for (let i = 0; i < 1_000; i++) void client.fireAndForget(String(sent++)).then(note);
  await turns(1);
  assert.is(atOnce, 1_000);
  while (atOnce === sent) {
    void client.fireAndForget(String(sent++)).then(note);
    await undefined;
    await undefined;
  }
  const waiting: Promise<void>[] = [];
  for (let i = 1; i < MAX_WAITING_REQUESTS; i++) waiting.push(client.fireAndForget(String(sent++)));
  let code = '';
  await client.fireAndForget('too many').catch((error: RSocketError) => {
    code = error.code;
  });
  assert.is(code, 'ERR_FLYSOCKET_TOO_MANY_WAITING');
  crank.run();
  await Promise.all(waiting);
  crank.run();
  assert.is(heard.length, sent);
  assert.ok(heard.every((each, i) => each === i));
  server.destroy();
  crank.run();
  pool.assertQuiescent();
});

test.run();
