/** What a message over a link allocates: nothing, in frames and in requests on the low level. */
import { IgnoringSubscriber } from 'flysocket/core';
import { DirectBuffer, PayloadFlyweight } from 'flysocket/flyweight';
import { DrainLoop, type ShmLink } from 'flysocket/shm-transport';
import type { FrameHandler } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import { bytesPerOp } from '../support/bytesPerOp.ts';
import { suite } from '../support/suite.ts';
import { linkPair, peerPair } from './linkSupport.ts';

const test = suite('allocation of a link');
const LENGTH = 100;
/** Messages under way at once. */
const WINDOW = 64;
const LONGEST_MS = 20_000;
/** Bytes that the engine may take for itself, spread over the operations. */
const NEXT_TO_NOTHING = 0.5;
const loop = DrainLoop.ofThisThread();

/** Passes on what comes until `left` is used up. */
class Player implements FrameHandler {
  readonly #link: ShmLink;
  left = 0;

  constructor(link: ShmLink) {
    this.#link = link;
    link.receive(this);
  }

  serve(): void {
    const index = this.#link.tryClaim(LENGTH, 0);
    if (index < 0) throw new Error(`no room: ${index}`);
    this.#link.commit(index);
  }

  onFrame(): void {
    this.left--;
    if (this.left >= 0) this.serve();
  }

  onWritable(): void {}
  onClosed(): void {}
}

test('frames there and back', async () => {
  const [left, right] = await linkPair(65_536);
  const players = [new Player(left), new Player(right)] as const;
  const isDone = (): boolean => players[0].left <= -WINDOW && players[1].left <= 0;
  const bytes = bytesPerOp((operations) => {
    players[0].left = operations;
    players[1].left = operations + WINDOW;
    for (let i = 0; i < WINDOW; i++) players[0].serve();
    loop.runBlocking(isDone, LONGEST_MS);
    assert.ok(isDone());
  });
  left.close();
  assert.ok(bytes < NEXT_TO_NOTHING, `${bytes} bytes per frame`);
});

test('request-responses on the low level', async () => {
  const answer = new PayloadFlyweight();
  const [client, server] = await peerPair(
    {},
    {
      requestHandler: {
        requestResponse(payload, streamId, peer) {
          answer.wrapData(payload.dataBuffer, payload.dataOffset, payload.dataLength);
          peer.next(streamId, answer, true);
          return undefined;
        },
      },
    },
    65_536,
  );
  const request = new PayloadFlyweight().wrapData(new DirectBuffer(new ArrayBuffer(LENGTH)), 0, LENGTH);
  let left = 0;
  let underWay = 0;
  const ask = (): void => {
    left--;
    underWay++;
    if (client.zeroCopy.requestResponse(request, subscriber) < 0) throw new Error('no room');
  };
  const subscriber = new (class extends IgnoringSubscriber {
    override onNext(): void {
      underWay--;
      if (left > 0) ask();
    }
  })();
  const isDone = (): boolean => underWay === 0;
  const bytes = bytesPerOp((operations) => {
    left = operations;
    while (underWay < WINDOW && left > 0) ask();
    loop.runBlocking(isDone, LONGEST_MS);
    assert.ok(isDone());
  });
  await client.close();
  await server.onClose;
  assert.ok(bytes < NEXT_TO_NOTHING, `${bytes} bytes per request`);
});

test.run();
