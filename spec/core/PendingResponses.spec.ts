import fc from 'fast-check';
import { acceptPeer, connectPeer, type Handler, type Payload, type PayloadLike } from 'flysocket/core';
import { InProcessConnection } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('what settles promises is used again');

/** How a request ends; what is given up is answered none the less. */
const WAYS = ['at once', 'later', 'twice', 'throws', 'rejects', 'given up'] as const;
type Way = (typeof WAYS)[number];

interface Asked {
  readonly name: string;
  readonly way: Way;
  readonly outcome: Promise<string>;
}

/** Answers as the request says, which is `name way`; what is to come later waits in `later`. */
function answering(later: (() => void)[]): Handler {
  return {
    requestResponse: (payload) => {
      const request = payload.dataUtf8();
      const way = request.slice(request.indexOf(' ') + 1) as Way;
      if (way === 'at once') return payload;
      if (way === 'throws') throw new Error(request);
      if (way === 'twice') return callingTwice(request, later);
      return new Promise<PayloadLike>((resolve, reject) => {
        later.push(() => (way === 'rejects' ? reject(new Error(request)) : resolve(request)));
      });
    },
  };
}

/** No Promise, and no honest one. */
function callingTwice(request: string, later: (() => void)[]): Promise<PayloadLike> {
  const call = (resolve: (payload: PayloadLike) => void, reject: (error: unknown) => void): void => {
    resolve(request);
    resolve('a second answer');
    reject(new Error('and an error'));
    later.push(() => resolve('a late answer'));
  };
  // biome-ignore lint/suspicious/noThenProperty: that is what is tested
  return { then: call } as unknown as Promise<PayloadLike>;
}

function expected(name: string, way: Way): string {
  if (way === 'given up') return 'aborted';
  return way === 'throws' || way === 'rejects' ? `error ${name} ${way}` : `${name} ${way}`;
}

async function turns(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
}

test('and settles its own promise alone, in whatever order and by whatever way requests end', async () => {
  const wave = fc.array(fc.constantFrom(...WAYS), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(wave, fc.nat()), { maxLength: 6 }), async (waves) => {
      const [left, right] = InProcessConnection.pair();
      const later: (() => void)[] = [];
      const accepted = acceptPeer(right, { responder: answering(later) });
      const client = connectPeer(left);
      await accepted;
      const asked: Asked[] = [];
      for (const [ways, pick] of waves) {
        const given = new AbortController();
        for (const way of ways) {
          const name = `request-${asked.length}`;
          const options = way === 'given up' ? { signal: given.signal } : {};
          const outcome = client.requestResponse(`${name} ${way}`, options).then(
            (payload: Payload) => payload.dataUtf8(),
            (error: Error) => (error.name === 'AbortError' ? 'aborted' : `error ${error.message}`),
          );
          asked.push({ name, way, outcome });
        }
        await turns();
        given.abort();
        // Some of those that wait have their turn, among them the late ones of waves before.
        for (let left = later.length >> 1; left > 0; left--) later.splice(pick % later.length, 1)[0]?.();
        await turns();
      }
      for (const finish of later.splice(0)) finish();
      await turns();
      for (const finish of later.splice(0)) finish();
      for (const { name, way, outcome } of asked) assert.is(await outcome, expected(name, way));
      await client.close();
    }),
    { numRuns: 30 },
  );
});

test('and what is pending when the connection ends fails, each once', async () => {
  const [left, right] = InProcessConnection.pair();
  const later: (() => void)[] = [];
  const accepted = acceptPeer(right, { responder: answering(later) });
  const client = connectPeer(left);
  await accepted;
  const codes: string[] = [];
  const ended = Array.from({ length: 20 }, (_, i) =>
    client.requestResponse(`request-${i} later`).catch((error: { code: string }) => codes.push(error.code)),
  );
  await turns();
  assert.is(later.length, 20);
  client.destroy();
  for (const finish of later) finish();
  await Promise.all(ended);
  assert.equal(codes, new Array(20).fill('ERR_FLYSOCKET_CONNECTION_CLOSED'));
});

test.run();
