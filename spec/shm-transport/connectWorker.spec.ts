import { Worker } from 'node:worker_threads';
import type { Handler } from 'flysocket/core';
import { processCounters } from 'flysocket/counters';
import { DirectBuffer, PayloadFlyweight } from 'flysocket/flyweight';
import {
  acceptParent,
  connectWorker,
  invitationsTo,
  type LinkInvitation,
  openLink,
  RING_CAPACITY,
} from 'flysocket/shm-transport';
import { BACK_PRESSURED } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import type { EchoOrders } from './linkEcho.worker.ts';
import {
  errorOf,
  exitOf,
  FORGOTTEN,
  HOLDING,
  invite,
  itemsUpTo,
  largePayload,
  SMALL_RING,
  textsOf,
  withWorker,
} from './linkSupport.ts';

const test = suite('connectWorker');
const ECHO = new URL('./linkEcho.worker.js', import.meta.url);

function withEcho<T>(orders: EchoOrders, use: (worker: Worker) => Promise<T>): Promise<T> {
  return withWorker(ECHO, orders, use);
}

function forgottenBy(worker: Worker): string[] {
  const forgotten: string[] = [];
  worker.on('message', (text: string) => forgotten.push(text.slice(FORGOTTEN.length)));
  return forgotten;
}

/** Echoes, and keeps what it was told. */
function echo(told: string[]): Handler {
  return {
    requestResponse: ({ data, metadata }) => ({ data, metadata }),
    fireAndForget: (payload) => {
      told.push(payload.dataUtf8());
    },
    requestStream: (payload) => itemsUpTo(Number(payload.dataUtf8())),
    requestChannel: (payloads) => payloads,
  };
}

test('all four interactions, in both directions over one link', () =>
  withEcho({}, async (worker) => {
    const told: string[] = [];
    const forgotten = forgottenBy(worker);
    const peer = await connectWorker(worker, { handler: echo(told) });
    const response = await peer.requestResponse({ data: 'hello', metadata: '' });
    assert.is(response.dataUtf8(), 'hello');
    assert.is(response.metadataUtf8(), '');
    await peer.fireAndForget('a word');
    assert.equal(await textsOf(peer.requestStream('200', { prefetch: 7 })), await textsOfItems(200));
    assert.equal(await textsOf(peer.requestChannel(itemsUpTo(200), { prefetch: 3 })), await textsOfItems(200));
    const answer = await peer.requestResponse('call back');
    assert.is(answer.dataUtf8(), 'from the worker | m | 0,1,2 | 0,1,2,3,4');
    assert.equal(told, ['and forget']);
    await peer.close();
    assert.is(await exitOf(worker), 0);
    assert.equal(forgotten, ['a word']);
  }));

async function textsOfItems(count: number): Promise<string[]> {
  const texts: string[] = [];
  for await (const item of itemsUpTo(count)) texts.push(String(item));
  return texts;
}

test('a megabyte crosses rings of 4 KiB, several at a time', () =>
  withEcho({}, async (worker) => {
    const peer = await connectWorker(worker, { ringCapacity: SMALL_RING });
    const sent = Array.from({ length: 4 }, (_, i) => largePayload(1 << 20, i));
    const received = await Promise.all(sent.map((data, i) => peer.requestResponse({ data, metadata: `of ${i}` })));
    received.forEach((payload, i) => {
      assert.is(payload.metadataUtf8(), `of ${i}`);
      assert.is(Buffer.compare(payload.data, sent[i] as Uint8Array), 0);
    });
    const channel = peer.requestChannel(sent.map((data) => data.subarray(0, 300_000)));
    let i = 0;
    for await (const { data } of channel)
      assert.is(Buffer.compare(data, (sent[i++] as Uint8Array).subarray(0, 300_000)), 0);
    assert.is(i, 4);
    assert.is(peer.zeroCopy.queuedBytes, 0);
    await peer.close();
  }));

test('four workers at once', async () => {
  const workers = Array.from({ length: 4 }, () => new Worker(ECHO));
  try {
    const peers = await Promise.all(workers.map((worker) => connectWorker(worker)));
    const requests = peers.flatMap((peer, at) =>
      Array.from({ length: 250 }, async (_, i) => {
        const answer = await peer.requestResponse(`${at}: ${i}`);
        assert.is(answer.dataUtf8(), `${at}: ${i}`);
      }),
    );
    await Promise.all(requests);
    await Promise.all(peers.map((peer) => peer.close()));
    assert.equal(await Promise.all(workers.map((worker) => exitOf(worker))), [0, 0, 0, 0]);
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
});

test('a worker takes several links, each of its own', () =>
  withEcho({ links: 3 }, async (worker) => {
    const [first, second] = await Promise.all([connectWorker(worker), connectWorker(worker)]);
    await first.close();
    assert.is((await second.requestResponse('still here')).dataUtf8(), 'still here');
    const third = await connectWorker(worker);
    assert.is((await third.requestResponse('me too')).dataUtf8(), 'me too');
    await Promise.all([second.close(), third.close()]);
    assert.is(await exitOf(worker), 0);
  }));

test('an invitation waits until the worker accepts', () =>
  withEcho({ delayMs: 150 }, async (worker) => {
    const peer = await connectWorker(worker);
    assert.is((await peer.requestResponse('late')).dataUtf8(), 'late');
    await peer.close();
  }));

test('a worker that never accepts', async () => {
  const worker = new Worker('setInterval(() => {}, 1000)', { eval: true });
  try {
    const error = await errorOf(connectWorker(worker, { handshakeTimeoutMs: 50 }));
    assert.is(error.code, 'ERR_FLYSOCKET_LINK_TIMEOUT');
  } finally {
    await worker.terminate();
  }
});

test('a worker that ends before it accepts', async () => {
  const worker = new Worker('setTimeout(() => process.exit(3), 50)', { eval: true });
  assert.is((await errorOf(connectWorker(worker))).code, 'ERR_FLYSOCKET_PEER_DIED');
});

test('a worker that has ended already', async () => {
  const worker = new Worker('', { eval: true });
  await exitOf(worker);
  assert.is((await errorOf(connectWorker(worker))).code, 'ERR_FLYSOCKET_PEER_DIED');
});

test('acceptParent is not for a thread without parent', async () => {
  assert.is((await errorOf(acceptParent())).code, 'ERR_FLYSOCKET_NO_PARENT');
});

test('a ring that is no power of two, or too small', () =>
  withEcho({}, async (worker) => {
    for (const ringCapacity of [512, 5_000, 2 ** 31]) {
      assert.is((await errorOf(connectWorker(worker, { ringCapacity }))).code, 'ERR_FLYSOCKET_RING_CAPACITY');
    }
  }));

test('a worker refuses an invitation of another version, and the maker is told', () =>
  withEcho({}, async (worker) => {
    const inWorker = new Promise<Error & { code: string }>((resolve) => worker.once('error', resolve));
    const [ours, theirs] = invitationsTo('newer', RING_CAPACITY, processCounters().memory);
    invite(worker, { ...theirs, version: 99 });
    const error = await errorOf(openLink(ours));
    assert.is(error.code, 'ERR_FLYSOCKET_LINK_REFUSED');
    assert.match(error.message, 'ERR_FLYSOCKET_LINK_VERSION');
    assert.is((await inWorker).code, 'ERR_FLYSOCKET_LINK_VERSION');
  }));

test('a worker refuses what is no ring, and what are no counters', async () => {
  for (const part of [
    { rings: [new SharedArrayBuffer(100), new SharedArrayBuffer(100)] },
    { counters: new ArrayBuffer(8) },
  ]) {
    await withEcho({}, async (worker) => {
      const inWorker = new Promise((resolve) => worker.once('error', resolve));
      const [ours, theirs] = invitationsTo('broken', RING_CAPACITY, processCounters().memory);
      invite(worker, { ...theirs, ...part } as LinkInvitation);
      assert.is((await errorOf(openLink(ours))).code, 'ERR_FLYSOCKET_LINK_REFUSED');
      await inWorker;
    });
  }
});

test('a greeting of another version, of other rings, and none at all', async () => {
  const cell = new SharedArrayBuffer(128);
  const sizes = [RING_CAPACITY, RING_CAPACITY];
  for (const [greeting, code] of [
    [{ flysocket: 'hello', version: 99, ringCapacities: sizes, cell }, 'ERR_FLYSOCKET_LINK_VERSION'],
    [{ flysocket: 'hello', version: 1, ringCapacities: [64, 64], cell }, 'ERR_FLYSOCKET_LINK_REFUSED'],
    ['hello?', 'ERR_FLYSOCKET_LINK_VERSION'],
  ] as const) {
    const [ours, theirs] = invitationsTo('odd', RING_CAPACITY, processCounters().memory);
    theirs.port.postMessage(greeting);
    assert.is((await errorOf(openLink(ours))).code, code);
  }
});

test('what the parent sent before it closed arrives before the end', () =>
  withEcho({}, async (worker) => {
    const forgotten = forgottenBy(worker);
    const peer = await connectWorker(worker, { ringCapacity: SMALL_RING });
    for (let i = 0; i < 1_000; i++) await peer.fireAndForget(String(i));
    const closed = peer.close();
    await closed;
    assert.is(await peer.onClose, undefined);
    assert.is(await exitOf(worker), 0);
    assert.equal(forgotten, await textsOfItems(1_000));
  }));

test('what the worker sent before it closed arrives before the end', () =>
  withEcho({}, async (worker) => {
    const told: string[] = [];
    const peer = await connectWorker(worker, { ringCapacity: SMALL_RING, handler: echo(told) });
    await peer.fireAndForget('close after 1000');
    assert.is(await peer.onClose, undefined);
    assert.equal(told, await textsOfItems(1_000));
    assert.is((await errorOf(peer.requestResponse('anyone?'))).code, 'ERR_FLYSOCKET_CONNECTION_CLOSED');
    assert.is(await exitOf(worker), 0);
  }));

test('both directions full at once: all is answered', () =>
  withEcho({}, async (worker) => {
    const peer = await connectWorker(worker, { ringCapacity: 1_024, handler: echo([]) });
    const text = (i: number): string => `${i}`.padEnd(300, '.');
    const [theirs, ...ours] = await Promise.all([
      peer.requestResponse('storm 1000'),
      ...Array.from({ length: 1_000 }, (_, i) => peer.requestResponse(text(i))),
    ]);
    assert.is(theirs.dataUtf8(), '1000');
    assert.is(ours.filter((answer, i) => answer.dataUtf8() === text(i)).length, 1_000);
    await peer.close();
  }));

test('a worker that does not read: requests are refused, nothing grows, and later all goes on', () => {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  gate[0] = 1;
  return withEcho({ gate: gate.buffer }, async (worker) => {
    const forgotten = forgottenBy(worker);
    const peer = await connectWorker(worker, { ringCapacity: SMALL_RING });
    await peer.fireAndForget('hold');
    const low = peer.zeroCopy;
    const payload = new PayloadFlyweight().wrapData(new DirectBuffer(Buffer.from('x'.repeat(100))), 0, 100);
    let sent = 0;
    let refused = 0;
    while (refused < 50_000) {
      if (low.fireAndForget(payload) === BACK_PRESSURED) refused++;
      else sent++;
      if (refused % 1_000 === 0) await new Promise(setImmediate);
    }
    assert.ok(sent <= SMALL_RING / 100, `${sent} messages in a ring of ${SMALL_RING} bytes`);
    assert.is(low.queuedBytes, 0);
    const writable = new Promise<void>((resolve) => low.whenWritable(resolve));
    open(gate);
    await writable;
    assert.is(low.fireAndForget(payload), 1);
    await peer.close();
    await exitOf(worker);
    assert.is(forgotten.length, sent + 1);
  });
});

test('a worker that asks and does not read the answers: the link ends when the bound is reached', () => {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  gate[0] = 1;
  return withEcho({ gate: gate.buffer }, async (worker) => {
    const held = new Promise((resolve) => worker.on('message', (text: string) => text === HOLDING && resolve(text)));
    const peer = await connectWorker(worker, {
      ringCapacity: SMALL_RING,
      maxOutboundBytes: 20_000,
      handler: {
        async requestResponse() {
          await held;
          return new Uint8Array(1_000);
        },
      },
    });
    const ask = errorOf(peer.requestResponse('ask 50'));
    assert.is((await peer.onClose)?.code, 'ERR_FLYSOCKET_OUTBOUND_FULL');
    assert.is((await ask).code, 'ERR_FLYSOCKET_OUTBOUND_FULL');
    assert.is(peer.zeroCopy.queuedBytes, 0);
    open(gate);
  });
});

function open(gate: Int32Array): void {
  Atomics.store(gate, 0, 0);
  Atomics.notify(gate, 0);
}

test.run();
