import type { Handler, Payload, RequestContext, RSocketPeer } from 'flysocket/core';
import { RSocketError } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { rejectionOf } from './peerErrors.ts';
import { bytesOf, numbersLater, textsOf } from './samplePayloads.ts';
import { turns, until } from './until.ts';
import type { PeerTest } from './withPeers.ts';

/** A responder that never answers, and notes whose signals aborted. */
class Waiting implements Handler {
  readonly contexts: RequestContext[] = [];
  /** Producers and readers that were left or failed. */
  left = 0;

  requestResponse(_payload: Payload, context: RequestContext): Promise<string> {
    return this.#never(context);
  }

  async *requestStream(_payload: Payload, context: RequestContext): AsyncGenerator<string> {
    this.contexts.push(context);
    void context.signal;
    try {
      yield 'first';
      await this.#aborted(context.signal);
    } finally {
      this.left++;
    }
  }

  async *requestChannel(payloads: AsyncIterable<Payload>, context: RequestContext): AsyncGenerator<string> {
    this.contexts.push(context);
    void context.signal;
    try {
      yield 'first';
      for await (const _ of payloads);
    } finally {
      this.left++;
    }
  }

  get aborted(): number {
    return this.contexts.filter((context) => context.signal.aborted).length;
  }

  #never(context: RequestContext): Promise<string> {
    this.contexts.push(context);
    void context.signal;
    return new Promise(() => {});
  }

  #aborted(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}

/** A responder that answers as soon as it may. */
class Gated implements Handler {
  begun = 0;
  open!: () => void;
  readonly #gate: Promise<void> = new Promise((resolve) => {
    this.open = resolve;
  });

  async requestResponse(payload: Payload): Promise<Payload> {
    await this.#pass();
    return payload;
  }

  async *requestStream(): AsyncGenerator<string> {
    await this.#pass();
    for (let i = 0; i < 10; i++) yield String(i);
  }

  async *requestChannel(payloads: AsyncIterable<Payload>): AsyncGenerator<Payload> {
    await this.#pass();
    for await (const payload of payloads) yield payload;
  }

  #pass(): Promise<void> {
    this.begun++;
    return this.#gate;
  }
}

const REASON = new Error('changed my mind');

/** One request of each interaction that is answered, begun. */
function beginAll(peer: RSocketPeer, signal?: AbortSignal): Promise<unknown>[] {
  return [
    peer.requestResponse('x', { signal }),
    textsOf(peer.requestStream('x', { signal })),
    textsOf(peer.requestChannel(endless(), { signal })),
  ];
}

async function* endless(): AsyncGenerator<string> {
  for (;;) {
    yield 'item';
    await turns(1);
  }
}

export function peerEndings(peerTest: PeerTest): void {
  aborts(peerTest);

  for (const closer of ['client', 'server'] as const) {
    const waiting = new Waiting();
    peerTest(
      `close by the ${closer} without patience: every open stream ends once, on both sides`,
      { handler: waiting },
      async (scene) => {
        const { client, server } = scene;
        const begun = [...beginAll(client), ...beginAll(client)];
        let settled = 0;
        const counted = begun.map((promise) => promise.finally(() => settled++));
        const outcomes = Promise.allSettled(counted);
        await until(() => waiting.contexts.length === 6, 'the requests have come');
        await turns(3);
        assert.is(client.zeroCopy.openStreams, 6);
        assert.is(settled, 0);
        await scene[closer].close({ deadlineMs: 0 });
        for (const result of await outcomes) {
          assert.is(result.status, 'rejected');
          if (result.status === 'rejected') assert.instance(result.reason, RSocketError);
        }
        await until(() => waiting.aborted === 6 && waiting.left === 4, 'the responder has cleaned up');
        await Promise.all([client.onClose, server.onClose]);
        assert.is(client.zeroCopy.openStreams + server.zeroCopy.openStreams, 0);
      },
    );

    peerTest(`after close by the ${closer} every request is refused`, { handler: waiting }, async (scene) => {
      await scene[closer].close();
      await Promise.all([scene.client.onClose, scene.server.onClose]);
      await until(() => scene.client.zeroCopy.isClosed && scene.server.zeroCopy.isClosed, 'both know');
      for (const peer of [scene.client, scene.server]) {
        for (const promise of [...beginAll(peer), peer.fireAndForget('')]) {
          assert.is((await rejectionOf(promise)).code, 'ERR_FLYSOCKET_CONNECTION_CLOSED');
        }
        await peer.close();
        await peer[Symbol.asyncDispose]();
      }
    });
  }

  peerTest('requests that wait for room when the connection ends are refused', { handler: {} }, async (scene) => {
    const { client } = scene;
    const requests = Array.from({ length: 300 }, (_, i) => client.requestResponse(bytesOf(i, 1_000)));
    const forgets = Array.from({ length: 300 }, (_, i) => client.fireAndForget(bytesOf(i, 1_000)));
    const streams = Array.from({ length: 20 }, (_, i) => textsOf(client.requestStream(bytesOf(i, 1_000))));
    const settledForgets = Promise.allSettled(forgets);
    client.destroy();
    const outcomes = await Promise.allSettled([...requests, ...streams]);
    assert.ok(outcomes.every(({ status }) => status === 'rejected'));
    await Promise.all([settledForgets, client.onClose]);
  });

  for (const closer of ['client', 'server'] as const) {
    const gated = new Gated();
    peerTest(`close by the ${closer}: what runs may finish, nothing new begins`, { handler: gated }, async (scene) => {
      const { client, server } = scene;
      const answer = client.requestResponse('answer');
      const items = textsOf(client.requestStream(''));
      const echoes = textsOf(client.requestChannel(numbersLater(10)));
      await until(() => gated.begun === 3, 'the requests have come');
      const closed = scene[closer].close();
      assert.is((await rejectionOf(scene[closer].requestResponse('late'))).code, 'ERR_FLYSOCKET_CONNECTION_CLOSED');
      gated.open();
      assert.is((await answer).dataUtf8(), 'answer');
      assert.is((await items).length, 10);
      assert.is((await echoes).length, 10);
      await closed;
      assert.is(await client.onClose, undefined);
      assert.is(await server.onClose, undefined);
    });
  }

  peerTest('what was sent before close arrives', { handler: {} }, async ({ client, server }) => {
    await client.fireAndForget('last words');
    await client.close();
    assert.is(await server.onClose, undefined);
  });

  peerTest('a large payload that is under way when the connection ends', { handler: {} }, async ({ client }) => {
    const requests = Array.from({ length: 5 }, (_, i) => client.requestResponse(bytesOf(i, 300_000)));
    const outcomes = Promise.allSettled(requests);
    await Promise.resolve();
    client.destroy();
    for (const { status } of await outcomes) assert.is(status, 'rejected');
  });
}

function aborts(peerTest: PeerTest): void {
  const untouched = new Waiting();
  peerTest('a signal that had aborted before: nothing is sent', { handler: untouched }, async ({ client }) => {
    for (const promise of beginAll(client, AbortSignal.abort(REASON))) assert.is(await rejectionOf(promise), REASON);
    await turns(5);
    assert.is(untouched.contexts.length, 0);
  });

  const waiting = new Waiting();
  peerTest('a signal that aborts meanwhile: both sides end', { handler: waiting }, async ({ client }) => {
    const controller = new AbortController();
    const begun = beginAll(client, controller.signal);
    const outcomes = Promise.allSettled(begun);
    await until(() => waiting.contexts.length === 3, 'the requests have come');
    await turns(3);
    assert.is(waiting.aborted, 0);
    controller.abort(REASON);
    for (const result of await outcomes) assert.is(result.status === 'rejected' && result.reason, REASON);
    await until(() => waiting.aborted === 3 && waiting.left === 2, 'the responder has cleaned up');
  });

  const never = new Waiting();
  peerTest('a signal that aborts while the request waits for room', { handler: never }, async ({ client }) => {
    const controller = new AbortController();
    const fillers = Array.from({ length: 200 }, (_, i) => client.fireAndForget(bytesOf(i, 1_000)));
    const outcomes = Promise.allSettled(beginAll(client, controller.signal));
    controller.abort(REASON);
    for (const result of await outcomes) assert.is(result.status === 'rejected' && result.reason, REASON);
    await Promise.all(fillers);
  });

  const answers: Handler = {
    requestResponse: () => 'answer',
    requestStream: () => numbersLater(3),
    requestChannel: () => numbersLater(3),
  };
  peerTest('a signal that aborts after the end changes nothing', { handler: answers }, async ({ client }) => {
    const controller = new AbortController();
    const { signal } = controller;
    assert.is((await client.requestResponse('', { signal })).dataUtf8(), 'answer');
    assert.equal(await textsOf(client.requestStream('', { signal })), ['0', '1', '2']);
    assert.equal(await textsOf(client.requestChannel(['a'], { signal })), ['0', '1', '2']);
    controller.abort(REASON);
    await turns(3);
    assert.is((await client.requestResponse('')).dataUtf8(), 'answer');
  });
}
