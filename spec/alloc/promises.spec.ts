/** What a request-response on the high level allocates, at both ends together. */
import { acceptPeer, connectPeer, type Handler, type Payload } from 'flysocket/core';
import { InProcessConnection } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('allocation of a request-response on the high level');

/** So short that the memory which answers lie in hardly counts. */
const REQUEST = new Uint8Array(8);
const IN_FLIGHT = 64;
/** Few enough for no collection to fall among them. */
const REQUESTS = 640;
const WARM_UP = 50_000;
const ROUNDS = 15;
/** A promise and what settles it, two payloads, and what `then` makes; with an object and its closure it is over. */
const AT_ONCE_LIMIT = 560;
/** And the async function's own promise and state, and what waits for it. */
const ASYNC_LIMIT = 760;

async function bytesPerRequest(handler: Handler): Promise<number> {
  const [left, right] = InProcessConnection.pair();
  const accepted = acceptPeer(right, { responder: handler });
  const client = connectPeer(left);
  await accepted;
  let toAsk = 0;
  let open = 0;
  let done = (): void => {};
  const onAnswer = (payload: Payload): void => {
    assert.is(payload.dataLength, REQUEST.length);
    open--;
    if (toAsk > 0) ask();
    else if (open === 0) done();
  };
  const ask = (): void => {
    toAsk--;
    open++;
    client.requestResponse(REQUEST).then(onAnswer);
  };
  const run = (requests: number): Promise<void> => {
    return new Promise((resolve) => {
      done = resolve;
      toAsk = requests;
      for (let i = 0; i < IN_FLIGHT; i++) ask();
    });
  };
  await run(WARM_UP);
  const bytes: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    globalThis.gc?.();
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    await run(REQUESTS);
    bytes.push((process.memoryUsage().heapUsed - before) / REQUESTS);
  }
  await client.close();
  return bytes.sort((a, b) => a - b)[ROUNDS >> 2] as number;
}

test('answered at once', async () => {
  const bytes = await bytesPerRequest({ requestResponse: (payload) => payload });
  assert.ok(bytes < AT_ONCE_LIMIT, `${bytes} bytes per request`);
});

test('answered by an async function', async () => {
  const bytes = await bytesPerRequest({ requestResponse: async (payload) => payload });
  assert.ok(bytes < ASYNC_LIMIT, `${bytes} bytes per request`);
});

test.run();
