/** The same feed in two ways: a stream for each consumer, by credit; a WebSocket for each, pushed. */
import type { AddressInfo } from 'node:net';
import { IgnoringSubscriber, type RequestHandler, SENT, type ZeroCopyRSocket } from 'flysocket/core';
import { DirectBuffer, PayloadFlyweight } from 'flysocket/flyweight';
import { serveTcp } from 'flysocket/tcp-transport';
import { rivalModule } from '../../rivalModule.ts';
import { HOST } from '../../rps-in-92mb/host.ts';
import { ITEM_LENGTH, ITEMS_PER_TICK, TICK_MS, writeItem } from './feedItems.ts';

/** @returns the port on which consumers subscribe */
export type StartFeed = () => Promise<number>;

const item = new Uint8Array(ITEM_LENGTH);
const view = new DataView(item.buffer);
let sequence = 0;

/** Lets `publish` send each next item to whoever is there. */
function everyTick(publish: () => void): void {
  setInterval(() => {
    for (let i = 0; i < ITEMS_PER_TICK; i++) {
      writeItem(view, sequence++);
      publish();
    }
  }, TICK_MS);
}

/** Items that are kept for a consumer who can't be sent more just now: he has no credit, or the way is full. */
const MOST_KEPT = 64;

/** One consumer. Of what he does not take the oldest is dropped when the next one comes. */
class Subscription extends IgnoringSubscriber {
  readonly #peer: ZeroCopyRSocket;
  readonly #streamId: number;
  readonly #kept: Uint8Array = new Uint8Array(MOST_KEPT * ITEM_LENGTH);
  readonly #payload: PayloadFlyweight = new PayloadFlyweight();
  readonly #memory: DirectBuffer = new DirectBuffer(this.#kept);
  #credit: number;
  /** Items so far: those that came, and those that were sent or dropped. */
  #came = 0;
  #gone = 0;

  constructor(peer: ZeroCopyRSocket, streamId: number, credit: number) {
    super();
    this.#peer = peer;
    this.#streamId = streamId;
    this.#credit = credit;
  }

  override onRequestN(n: number): void {
    this.#credit += n;
    this.onWritable();
  }

  override onWritable(): void {
    while (this.#credit > 0 && this.#gone < this.#came) {
      this.#payload.wrapData(this.#memory, (this.#gone % MOST_KEPT) * ITEM_LENGTH, ITEM_LENGTH);
      if (this.#peer.next(this.#streamId, this.#payload, false) !== SENT) return;
      this.#gone++;
      this.#credit--;
    }
  }

  offer(next: Uint8Array): void {
    if (this.#came - this.#gone === MOST_KEPT) this.#gone++;
    this.#kept.set(next, (this.#came % MOST_KEPT) * ITEM_LENGTH);
    this.#came++;
    this.onWritable();
  }
}

const credits: StartFeed = async () => {
  const subscriptions = new Set<Subscription>();
  const requestHandler: RequestHandler = {
    requestStream(_payload, initialRequestN, streamId, peer) {
      const subscription = new Subscription(peer, streamId, initialRequestN);
      subscription.onCancel = () => void subscriptions.delete(subscription);
      subscription.onError = () => void subscriptions.delete(subscription);
      subscriptions.add(subscription);
      return subscription;
    },
  };
  everyTick(() => {
    for (const subscription of subscriptions) subscription.offer(item);
  });
  const { address } = await serveTcp({ port: 0, host: HOST }, {}, { requestHandler });
  return (address as AddressInfo).port;
};

interface WebSocketServer {
  readonly clients: Iterable<{ send(data: Uint8Array): void }>;
  address(): AddressInfo;
  once(event: 'listening', listener: () => void): void;
}

const pushed: StartFeed = () => {
  const { WebSocketServer } = rivalModule<{ WebSocketServer: new (options: object) => WebSocketServer }>('ws');
  const server = new WebSocketServer({ port: 0, host: HOST, perMessageDeflate: false });
  everyTick(() => {
    // What can't leave at once is kept as it is, so each needs bytes of its own.
    for (const client of server.clients) client.send(item.slice());
  });
  return new Promise((resolve) => server.once('listening', () => resolve(server.address().port)));
};

export const feeds: Readonly<Record<string, StartFeed>> = { credits, pushed };
