/** Links whose frames travel as messages of a port: what is beyond the contract of every connection. */
import type { Worker } from 'node:worker_threads';
import type { Handler } from 'flysocket/core';
import { LinkCounter } from 'flysocket/counters';
import { DirectBuffer, PayloadFlyweight, type RSocketError } from 'flysocket/flyweight';
import {
  checkIsolation,
  connectWorker,
  introduce,
  type LinkPort,
  MAX_BATCHES_IN_FLIGHT,
  openLink,
  PortConnection,
  portInvitationsTo,
} from 'flysocket/shm-transport';
import { BACK_PRESSURED } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { RecordingHandler } from '../tck/RecordingHandler.ts';
import { turns, until } from '../tck/until.ts';
import type { EchoOrders } from './linkEcho.worker.ts';
import { errorOf, exitOf, FORGOTTEN, itemsUpTo, largePayload, sendFrame, textsOf, withWorker } from './linkSupport.ts';
import { portPair, SMALL_BATCH } from './portSupport.ts';

const test = suite('a link over a port');
const OVER_PORT = { transport: 'port', batchLength: SMALL_BATCH } as const;

function withEcho<T>(orders: EchoOrders, use: (worker: Worker) => Promise<T>): Promise<T> {
  return withWorker(new URL('./linkEcho.worker.js', import.meta.url), orders, use);
}

function forgottenBy(worker: Worker): string[] {
  const forgotten: string[] = [];
  worker.on('message', (text: string) => forgotten.push(text.slice(FORGOTTEN.length)));
  return forgotten;
}

const echo: Handler = {
  requestResponse: ({ data, metadata }) => ({ data, metadata }),
  requestStream: (payload) => itemsUpTo(Number(payload.dataUtf8())),
  requestChannel: (payloads) => payloads,
};

test('all four interactions with a worker, in both directions', () =>
  withEcho({}, async (worker) => {
    const forgotten = forgottenBy(worker);
    const peer = await connectWorker(worker, { ...OVER_PORT, handler: echo });
    assert.instance(peer.link, PortConnection);
    assert.is((await peer.requestResponse({ data: 'hello', metadata: 'm' })).dataUtf8(), 'hello');
    await peer.fireAndForget('a word');
    const expected = Array.from({ length: 200 }, (_, i) => String(i));
    assert.equal(await textsOf(peer.requestStream('200', { prefetch: 7 })), expected);
    assert.equal(await textsOf(peer.requestChannel(itemsUpTo(200), { prefetch: 3 })), expected);
    const answer = await peer.requestResponse('call back');
    assert.is(answer.dataUtf8(), 'from the worker | m | 0,1,2 | 0,1,2,3,4');
    await peer.close();
    assert.is(await peer.onClose, undefined);
    assert.is(await exitOf(worker), 0);
    assert.equal(forgotten, ['a word']);
  }));

test('a megabyte crosses in batches of 4 KiB, several at a time', () =>
  withEcho({}, async (worker) => {
    const peer = await connectWorker(worker, OVER_PORT);
    const sent = Array.from({ length: 4 }, (_, i) => largePayload(1 << 20, i));
    const received = await Promise.all(sent.map((data) => peer.requestResponse({ data })));
    received.forEach(({ data }, i) => {
      assert.is(Buffer.compare(data, sent[i] as Uint8Array), 0);
    });
    await peer.close();
  }));

test('a worker that does not read: requests are refused at the bound, and later all goes on: BATCHES_TO_WRITE', () => {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  gate[0] = 1;
  return withEcho({ gate: gate.buffer }, async (worker) => {
    const forgotten = forgottenBy(worker);
    const peer = await connectWorker(worker, OVER_PORT);
    await peer.fireAndForget('hold');
    const low = peer.zeroCopy;
    const payload = new PayloadFlyweight().wrapData(new DirectBuffer(Buffer.from('x'.repeat(100))), 0, 100);
    let sent = 0;
    let refused = 0;
    while (refused < 5_000) {
      if (low.fireAndForget(payload) === BACK_PRESSURED) refused++;
      else sent++;
      if (refused % 100 === 0) await turns(1);
    }
    const { used, capacity } = peer.link.outboundUsage;
    assert.is(used, capacity);
    assert.is(capacity, MAX_BATCHES_IN_FLIGHT * SMALL_BATCH);
    assert.ok(sent <= capacity / 100, `${sent} messages`);
    const writable = new Promise<void>((resolve) => low.whenWritable(resolve));
    Atomics.store(gate, 0, 0);
    Atomics.notify(gate, 0);
    await writable;
    assert.is(low.fireAndForget(payload), 1);
    await peer.close();
    await exitOf(worker);
    assert.is(forgotten.length, sent + 1);
  });
});

test('a worker that is stopped', () =>
  withEcho({}, async (worker) => {
    const peer = await connectWorker(worker, OVER_PORT);
    await peer.requestResponse('it is there');
    await worker.terminate();
    assert.is((await peer.onClose)?.code, 'ERR_FLYSOCKET_PEER_DIED');
  }));

test('what the parent sent before it closed arrives before the end', () =>
  withEcho({}, async (worker) => {
    const forgotten = forgottenBy(worker);
    const peer = await connectWorker(worker, OVER_PORT);
    for (let i = 0; i < 1_000; i++) await peer.fireAndForget(String(i));
    await peer.close();
    assert.is(await exitOf(worker), 0);
    assert.equal(forgotten, await textsOfItems(1_000));
  }));

async function textsOfItems(count: number): Promise<string[]> {
  const texts: string[] = [];
  for await (const item of itemsUpTo(count)) texts.push(String(item));
  return texts;
}

test('two workers that want no introduction say so over a port too', () =>
  withEcho({}, (left) =>
    withEcho({}, async (right) => {
      const [a, b] = await Promise.all([connectWorker(left, OVER_PORT), connectWorker(right, OVER_PORT)]);
      assert.is((await errorOf(introduce(a, b, OVER_PORT))).code, 'ERR_FLYSOCKET_LINK_REFUSED');
      await Promise.all([a.close(), b.close()]);
    }),
  ));

test('frames of one turn travel together, and batches come back: BATCHES_PER_RETURN', async () => {
  const [left, right] = await portPair();
  const handler = new RecordingHandler();
  left.receive(new RecordingHandler());
  right.receive(handler);
  for (let round = 1; round <= 50; round++) {
    for (let i = 0; i < 20; i++) {
      assert.ok(sendFrame(left, 'frame', i & 7) >= 0);
      await undefined;
    }
    await until(() => handler.frames.length === 20 * round, 'the frames have come');
    await turns(3);
  }
  assert.is(left.counters.get(LinkCounter.FRAMES_SENT), 1_000);
  const flushes = left.counters.get(LinkCounter.FLUSHES);
  assert.ok(flushes <= 100, `${flushes} batches`);
  const { used } = left.outboundUsage;
  assert.ok(used <= 2 * SMALL_BATCH, `${used} bytes are still out`);
  assert.ok(right.bytesReceived >= 1_000 * 5);
  left.close();
  await right.onClose;
});

/** One end of a link, the other end of which is this test. */
async function openRaw(): Promise<{ link: PortConnection; port: LinkPort }> {
  const [ours, theirs] = portInvitationsTo('raw', SMALL_BATCH);
  theirs.port.postMessage({ flysocket: 'hello', version: 1, batchLength: SMALL_BATCH });
  return { link: await openLink(ours), port: theirs.port };
}

function batchOf(...words: number[]): ArrayBuffer {
  const memory = new ArrayBuffer(SMALL_BATCH);
  const view = new DataView(memory);
  words.forEach((word, i) => {
    view.setInt32(4 * i, word);
  });
  return memory;
}

for (const [what, message] of Object.entries({
  'of another length': new ArrayBuffer(100),
  'that uses more than it has': batchOf(SMALL_BATCH + 1, 0),
  'that uses less than its header': batchOf(7, 0),
  'that gives back what was never sent': batchOf(8, 1),
  'with a frame outside of it': batchOf(64, 0, 16, 100),
  'with a frame before its record': batchOf(64, 0, 8, 8),
  'with a frame of negative length': batchOf(64, 0, 16, -1),
  'that is no batch, giving back what was never sent': [3],
})) {
  test(`ends at a batch ${what}`, async () => {
    const { link, port } = await openRaw();
    const handler = new RecordingHandler();
    link.receive(handler);
    port.postMessage(message);
    assert.is((await link.onClose)?.code, 'ERR_FLYSOCKET_BATCH_CORRUPT');
    assert.is(handler.frames.length, 0);
    assert.is(handler.count('closed'), 1);
    port.close();
  });
}

test('a peer that sends more batches than there are, to one who does not receive yet', async () => {
  const { link, port } = await openRaw();
  for (let i = 0; i <= MAX_BATCHES_IN_FLIGHT; i++) port.postMessage(batchOf(8, 0));
  assert.is((await link.onClose)?.code, 'ERR_FLYSOCKET_BATCH_CORRUPT');
  const handler = new RecordingHandler();
  link.receive(handler);
  await until(() => handler.count('closed') === 1, 'who comes late hears of it');
  port.close();
});

test('batches too short or too long, and a greeting of other batches', async () => {
  for (const batchLength of [0, 127, 2 ** 25, Number.NaN]) {
    const isRefused = (error: RSocketError): boolean =>
      error.code === 'ERR_FLYSOCKET_BATCH_LENGTH' && error.message.includes('not within 128 to 16777216');
    assert.throws(() => portInvitationsTo('odd', batchLength), isRefused);
  }
  const [ours, theirs] = portInvitationsTo('odd', SMALL_BATCH);
  theirs.port.postMessage({ flysocket: 'hello', version: 1, batchLength: 64 });
  assert.is((await errorOf(openLink(ours))).code, 'ERR_FLYSOCKET_LINK_REFUSED');
});

test('Node needs no isolation', async () => {
  assert.equal(await checkIsolation(), { isolated: true, missing: [], message: 'threads can share memory' });
});

test.run();
