import * as fc from 'fast-check';
import { type Handler, IgnoringSubscriber, NO_DEMAND, type Payload, SENT } from 'flysocket/core';
import { DirectBuffer, PayloadFlyweight } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { Probe } from './Probe.ts';
import { assertNumbers, textsOf } from './samplePayloads.ts';
import { turns, until } from './until.ts';
import type { PeerTest } from './withPeers.ts';

/** What an AsyncIterable asks for ahead unless said otherwise. */
const PREFETCH = 64;
const RUNS = 15;
const QUIET_TURNS = 4;

/** Items without end that count themselves and notice when they are left. */
class Endless {
  produced = 0;
  isLeft = false;

  *now(): Generator<string> {
    try {
      for (;;) yield String(this.produced++);
    } finally {
      this.isLeft = true;
    }
  }

  async *later(): AsyncGenerator<string> {
    yield* this.now();
  }
}

export function peerFlow(peerTest: PeerTest): void {
  for (const kind of ['now', 'later'] as const) {
    stream(peerTest, kind);
    channel(peerTest, kind);
  }
  exactness(peerTest);
}

function stream(peerTest: PeerTest, kind: 'now' | 'later'): void {
  const source = (): { endless: Endless; handler: Handler } => {
    const endless = new Endless();
    return { endless, handler: { requestStream: () => endless[kind]() } };
  };
  const title = kind === 'now' ? 'an iterable' : 'an AsyncIterable';

  for (const prefetch of [1, 2, 7, PREFETCH]) {
    const { endless, handler } = source();
    peerTest(
      `${title} is pulled no faster than a slow reader with prefetch ${prefetch} reads`,
      { handler },
      async ({ client }) => {
        let read = 0;
        for await (const payload of client.requestStream('', { prefetch })) {
          assert.is(payload.dataUtf8(), String(read++));
          await turns(1);
          // One more is looked at, to tell whether there is one.
          assert.ok(endless.produced <= read + prefetch + 1, `${endless.produced} produced, ${read} read`);
          if (read === 200) break;
        }
        await until(() => endless.isLeft, 'the producer was told');
      },
    );
  }

  const stopped = source();
  peerTest(`${title} stands still for a reader who stops`, { handler: stopped.handler }, async ({ client }) => {
    const iterator = client.requestStream('')[Symbol.asyncIterator]();
    for (let i = 0; i < 5; i++) await iterator.next();
    await turns(50);
    assert.ok(stopped.endless.produced <= 5 + PREFETCH, `${stopped.endless.produced} produced`);
    assert.not(stopped.endless.isLeft);
    await iterator.return?.();
    await until(() => stopped.endless.isLeft, 'the producer was told');
  });

  const left = source();
  peerTest(
    `${title} is left when its reader leaves, and nothing comes after that`,
    { handler: left.handler },
    async ({ client }) => {
      const iterator = client.requestStream('')[Symbol.asyncIterator]();
      await iterator.next();
      await iterator.return?.();
      assert.equal(await iterator.next(), { done: true, value: undefined });
      await until(() => left.endless.isLeft, 'the producer was told');
      const { produced } = left.endless;
      await turns(QUIET_TURNS);
      assert.is(left.endless.produced, produced);
    },
  );
}

function channel(peerTest: PeerTest, kind: 'now' | 'later'): void {
  const title = kind === 'now' ? 'an iterable' : 'an AsyncIterable';

  let read = 0;
  const slow: Handler = {
    async *requestChannel(payloads) {
      for await (const _ of payloads) {
        read++;
        await turns(1);
        if (read === 150) break;
      }
      yield 'enough';
    },
  };
  peerTest(
    `${title} on a channel is pulled no faster than the responder reads`,
    { handler: slow },
    async ({ client }) => {
      const endless = new Endless();
      const watch = (async () => {
        while (read < 150) {
          assert.ok(endless.produced <= read + PREFETCH + 2, `${endless.produced} produced, ${read} read`);
          await turns(1);
        }
      })();
      assert.equal(await textsOf(client.requestChannel(endless[kind]())), ['enough']);
      await watch;
      await until(() => endless.isLeft, 'the producer was told');
    },
  );

  const deaf: { payloads?: AsyncIterable<Payload> } = {};
  const stopped: Handler = {
    async *requestChannel(payloads) {
      deaf.payloads = payloads;
      yield 'first';
      await new Promise(() => {});
    },
  };
  peerTest(
    `${title} on a channel stands still while the responder does not read`,
    { handler: stopped },
    async ({ client }) => {
      const endless = new Endless();
      for await (const payload of client.requestChannel(endless[kind]())) {
        assert.is(payload.dataUtf8(), 'first');
        await turns(50);
        assert.ok(endless.produced <= PREFETCH + 2, `${endless.produced} produced`);
        assert.not(endless.isLeft);
        break;
      }
      await until(() => endless.isLeft, 'the producer was told');
    },
  );

  const replies = new Endless();
  const answering: Handler = { requestChannel: () => replies[kind]() };
  peerTest(
    `${title} of answers stands still while the requester does not read, and ends with it`,
    {
      handler: answering,
    },
    async ({ client }) => {
      const endless = new Endless();
      let count = 0;
      for await (const payload of client.requestChannel(endless[kind](), { prefetch: 10 })) {
        assert.is(payload.dataUtf8(), String(count++));
        await turns(2);
        assert.ok(replies.produced <= count + 11, `${replies.produced} produced`);
        if (count === 40) break;
      }
      await until(() => endless.isLeft && replies.isLeft, 'both producers were told');
    },
  );
}

function exactness(peerTest: PeerTest): void {
  const grants = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

  const endless: { current: Endless } = { current: new Endless() };
  peerTest(
    'a requester gets exactly what it grants',
    { handler: { requestStream: () => endless.current.now() } },
    async ({ client }) => {
      const { zeroCopy } = client;
      await fc.assert(
        fc.asyncProperty(grants, async ([first = 1, ...more]) => {
          endless.current = new Endless();
          const probe = Probe.requester();
          const streamId = zeroCopy.requestStream(payloadOf('go'), first, probe);
          assert.ok(streamId > 0);
          let granted = first;
          for (const n of [0, ...more]) {
            if (n > 0) zeroCopy.request(streamId, n);
            granted += n;
            await until(() => probe.items.length >= granted, 'the granted items have come');
            await turns(QUIET_TURNS);
            assert.is(probe.items.length, granted);
            assert.is(endless.current.produced, granted + 1, 'one more is looked at');
          }
          zeroCopy.cancel(streamId);
          await until(() => endless.current.isLeft, 'the producer was told');
          assertNumbers(
            probe.items.map((item) => new TextDecoder().decode(item)),
            granted,
          );
          assert.equal(probe.violations, []);
        }),
        { numRuns: RUNS },
      );
    },
  );

  const accepted: { probe: Probe; streamId: number } = { probe: Probe.responder(true), streamId: 0 };
  peerTest(
    'a responder gets exactly what it grants',
    {
      requestHandler: {
        requestChannel: (_payload, _n, streamId) => {
          accepted.streamId = streamId;
          accepted.probe = Probe.responder(true);
          return accepted.probe;
        },
      },
    },
    async ({ client, server }) => {
      await fc.assert(
        fc.asyncProperty(grants, async (steps) => {
          const items = new Endless();
          accepted.streamId = 0;
          const reading = textsOf(client.requestChannel(items.later()));
          await until(() => accepted.streamId !== 0, 'the request has come');
          const { streamId, probe } = accepted;
          let granted = 0;
          for (const n of steps) {
            server.zeroCopy.request(streamId, n);
            granted += n;
            await until(() => probe.items.length >= granted, 'the granted items have come');
            await turns(QUIET_TURNS);
            assert.is(probe.items.length, granted);
            assert.is(items.produced, granted + 2, 'the one that came with the request, and one that is looked at');
          }
          probe.endedHere('inbound');
          server.zeroCopy.cancel(streamId);
          await until(() => items.isLeft, 'the producer was told');
          probe.endedHere('outbound');
          server.zeroCopy.complete(streamId);
          assert.equal(await reading, []);
          assert.equal(probe.violations, []);
        }),
        { numRuns: RUNS },
      );
    },
  );

  const responder = Probe.responder();
  let responderId = 0;
  peerTest(
    'next takes exactly what was granted and then says NO_DEMAND',
    {
      requestHandler: {
        requestStream: (_payload, _n, streamId) => {
          responderId = streamId;
          return responder;
        },
      },
    },
    async ({ client, server }) => {
      const reader = Probe.requester();
      const streamId = client.zeroCopy.requestStream(payloadOf('go'), 3, reader);
      await until(() => responderId !== 0, 'the request has come');
      const item = payloadOf('item');
      for (const grant of [0, 2, 1, 5]) {
        const expected = grant === 0 ? 3 : grant;
        const heard = responder.demand;
        if (grant > 0) client.zeroCopy.request(streamId, grant);
        await until(() => responder.demand === heard + grant, 'the grant has come');
        for (let i = 0; i < expected; i++) assert.is(server.zeroCopy.next(responderId, item, false), SENT);
        for (let i = 0; i < 3; i++) assert.is(server.zeroCopy.next(responderId, item, false), NO_DEMAND);
      }
      await until(() => reader.items.length === 11, 'the items have come');
      responder.endedHere('both');
      server.zeroCopy.complete(streamId);
      await until(() => reader.isOver, 'the end has come');
      assert.equal([...reader.violations, ...responder.violations], []);
    },
  );

  peerTest(
    'a reader without end of appetite',
    { handler: { requestStream: () => new Endless().later() } },
    async ({ client }) => {
      let count = 0;
      for await (const payload of client.requestStream('', { prefetch: Number.POSITIVE_INFINITY })) {
        assert.is(payload.dataUtf8(), String(count++));
        if (count === 500) break;
      }
    },
  );

  peerTest('a grant must be an integer from 1 on', { handler: {} }, async ({ client }) => {
    for (const n of [0, -1, 0.5, 1.5, Number.NaN, Number.NEGATIVE_INFINITY]) {
      const refused = (error: { code?: string }): boolean => error.code === 'ERR_FLYSOCKET_REQUEST_N';
      assert.throws(() => client.zeroCopy.requestStream(payloadOf(''), n, new IgnoringSubscriber()), refused);
      assert.throws(() => client.zeroCopy.requestChannel(payloadOf(''), n, true, new IgnoringSubscriber()), refused);
      assert.throws(() => client.zeroCopy.request(1, n), refused);
      assert.throws(() => client.requestStream('', { prefetch: n }), refused);
      assert.throws(() => client.requestChannel([], { prefetch: n }), refused);
    }
  });
}

function payloadOf(text: string): PayloadFlyweight {
  const bytes = new TextEncoder().encode(text);
  return new PayloadFlyweight().wrapData(new DirectBuffer(bytes), 0, bytes.length);
}
