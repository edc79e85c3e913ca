import { IgnoringSubscriber, Peer, type RequestHandler, SENT } from 'flysocket/core';
import { DirectBuffer, PayloadFlyweight } from 'flysocket/flyweight';
import { BufferPool } from 'flysocket/pool';
import { InProcessConnection } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import { bytesPerOp } from '../support/bytesPerOp.ts';
import { suite } from '../support/suite.ts';
import { HandCrank } from '../tck/HandCrank.ts';

const test = suite('peers allocate nothing in steady state');

const BYTES_PER_OP_LIMIT = 1;
const FRAGMENTED_BYTES_LIMIT = 800;
const SMALL = 64;
/** Longer than a frame of the pair below. */
const LONG = 6_000;
const CAPACITY = 4_096;
const ALL = 0x7fffffff;

const source = new DirectBuffer(new ArrayBuffer(LONG));
const small = new PayloadFlyweight().wrapData(source, 0, SMALL).wrapMetadata(source, 128, 16);
const long = new PayloadFlyweight().wrapData(source, 0, LONG);

/** Counts items without keeping any. */
class Counting extends IgnoringSubscriber {
  items = 0;
  ended = 0;

  override onNext(): void {
    this.items++;
  }

  override onComplete(): void {
    this.ended++;
  }

  override onCancel(): void {
    this.ended++;
  }
}

interface Pair {
  readonly client: Peer;
  readonly server: Peer;
  readonly crank: HandCrank;
}

function pair(handler: RequestHandler, capacity: number = CAPACITY): Pair {
  const crank = new HandCrank();
  const [left, right] = InProcessConnection.pair({ schedule: crank.schedule, capacity });
  const pool = new BufferPool();
  const client = new Peer(left, { firstStreamId: 1, pool });
  const maxCancelsPerSecond = Number.POSITIVE_INFINITY;
  const server = new Peer(right, { firstStreamId: 2, pool, handler, maxCancelsPerSecond });
  crank.run();
  return { client, server, crank };
}

function allocatesNothing(run: (operations: number) => void, operations = 50_000): void {
  const bytes = bytesPerOp(run, { operations, rounds: 5 });
  assert.ok(bytes < BYTES_PER_OP_LIMIT, `${bytes} bytes per operation`);
}

const echo: RequestHandler = {
  requestResponse: (payload, streamId, peer) => {
    peer.next(streamId, payload, true);
    return undefined;
  },
};

test('request-response, one at a time', () => {
  const { client, crank } = pair(echo);
  const answers = new Counting();
  let asked = 0;
  allocatesNothing((operations) => {
    for (let i = 0; i < operations; i++) {
      assert.ok(client.requestResponse(small, answers) > 0);
      crank.run();
    }
    asked += operations;
  });
  assert.is(answers.items, asked);
  assert.is(answers.ended, asked);
});

test('request-response, many at once, with answers that wait for room', () => {
  const { client, crank } = pair(echo);
  const answers = new Counting();
  let asked = 0;
  allocatesNothing((operations) => {
    for (let i = 0; i < operations; ) {
      while (i < operations && client.requestResponse(small, answers) > 0) i++;
      crank.run();
    }
    asked += operations;
  });
  assert.is(answers.items, asked);
});

test('request-response beside 5,000 open streams', () => {
  const { client, crank } = pair({ ...echo, requestStream: () => undefined });
  const answers = new Counting();
  for (let i = 0; i < 5_000; i++) {
    assert.ok(client.requestStream(small, 1, answers) > 0);
    crank.run();
  }
  allocatesNothing((operations) => {
    for (let i = 0; i < operations; i++) {
      assert.ok(client.requestResponse(small, answers) > 0);
      crank.run();
    }
  });
});

test('but for request-response of payloads in fragments: that takes little', () => {
  const { client, crank } = pair(echo);
  const answers = new Counting();
  let asked = 0;
  // The table of unfinished payloads is a Map, which rebuilds itself; copies above 4 KiB need views.
  const bytes = bytesPerOp(
    (operations) => {
      for (let i = 0; i < operations; i++) {
        assert.ok(client.requestResponse(long, answers) > 0);
        crank.run();
      }
      asked += operations;
    },
    { operations: 5_000, rounds: 5 },
  );
  assert.ok(bytes < FRAGMENTED_BYTES_LIMIT, `${bytes} bytes per operation`);
  assert.is(answers.items, asked);
});

test('fire-and-forget', () => {
  let heard = 0;
  const { client, crank } = pair({
    fireAndForget: () => {
      heard++;
    },
  });
  let sent = 0;
  allocatesNothing((operations) => {
    for (let i = 0; i < operations; ) {
      while (i < operations && client.fireAndForget(small) === SENT) i++;
      crank.run();
    }
    sent += operations;
  });
  assert.is(heard, sent);
});

test('items of a request-stream, granted one by one or without end', () => {
  for (const initialRequestN of [1, ALL]) {
    let id = 0;
    const { client, server, crank } = pair({
      requestStream: (_payload, _n, streamId) => {
        id = streamId;
        return undefined;
      },
    });
    const items = new Counting();
    client.requestStream(small, initialRequestN, items);
    crank.run();
    let sent = 0;
    allocatesNothing((operations) => {
      for (let i = 0; i < operations; i++) {
        assert.is(server.next(id, small, false), SENT);
        if (initialRequestN === 1) client.request(id, 1);
        crank.run();
      }
      sent += operations;
    });
    assert.is(items.items, sent);
  }
});

test('items of a request-channel both ways, under back pressure', () => {
  const atServer = new Counting();
  const { client, server, crank } = pair({
    requestChannel: (_payload, _n, streamId, peer) => {
      peer.request(streamId, ALL);
      return atServer;
    },
  });
  const atClient = new Counting();
  const id = client.requestChannel(small, ALL, false, atClient);
  crank.run();
  let sent = 0;
  allocatesNothing((operations) => {
    for (let up = 0, down = 0; up < operations || down < operations; ) {
      while (up < operations && client.next(id, small, false) === SENT) up++;
      while (down < operations && server.next(id, small, false) === SENT) down++;
      crank.run();
    }
    sent += operations;
  });
  assert.is(atServer.items, sent);
  assert.is(atClient.items, sent);
});

test('a request-stream begun and cancelled, or begun and completed', () => {
  const atServer = new Counting();
  const { client, server, crank } = pair({ requestStream: () => atServer });
  const atClient = new Counting();
  let begun = 0;
  allocatesNothing((operations) => {
    for (let i = 0; i < operations; i++) {
      const id = client.requestStream(small, 5, atClient);
      crank.run();
      if ((i & 1) === 0) client.cancel(id);
      else server.complete(id);
      crank.run();
    }
    begun += operations;
  });
  assert.is(atServer.ended + atClient.ended, begun);
  assert.is(client.openStreams + server.openStreams, 0);
});

test('a request-channel begun, and completed on both sides', () => {
  const atServer = new Counting();
  const { client, server, crank } = pair({ requestChannel: () => atServer });
  const atClient = new Counting();
  allocatesNothing((operations) => {
    for (let i = 0; i < operations; i++) {
      const id = client.requestChannel(small, 5, false, atClient);
      crank.run();
      client.complete(id);
      server.next(id, small, true);
      crank.run();
    }
  });
  assert.is(client.openStreams + server.openStreams, 0);
  assert.is(atServer.ended, atClient.ended);
});

test.run();
