/**
 * What ends a stream, or the connection, in every order: three events each, some on one side and some on the other,
 * with nothing, one delivery or everything run in between, so that their frames cross on the way.
 */
import { Peer, type RequestHandler } from 'flysocket/core';
import { ErrorCode, type PayloadFlyweight } from 'flysocket/flyweight';
import { BufferPool } from 'flysocket/pool';
import { InProcessConnection } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { HandCrank } from '../tck/HandCrank.ts';
import { Probe } from '../tck/Probe.ts';
import { longPayload, payloadOf } from './RawEnd.ts';

const test = suite('ends that cross each other');

const CAPACITY = 256;
const SHORT = payloadOf('item');
const LONG = longPayload(700);
const CREDIT = 3;
const BETWEEN = [0, 1, Number.POSITIVE_INFINITY];
const EVERYTHING = 10_000;

type Interaction = 'request-response' | 'request-stream' | 'request-channel';

/** How far the stream has come when the first event happens. */
type Start = 'request under way' | 'open' | 'items under way';

class Duel {
  readonly crank: HandCrank = new HandCrank();
  readonly client: Peer;
  readonly server: Peer;
  readonly clientProbe: Probe;
  serverProbe: Probe | undefined;
  readonly #pools: BufferPool[] = ['client', 'server'].map((label) => trackingPool(label));
  readonly #uncaught: unknown[] = [];
  readonly #interaction: Interaction;
  readonly #item: PayloadFlyweight;
  readonly #id: number;

  constructor(interaction: Interaction, item: PayloadFlyweight, start: Start) {
    this.#interaction = interaction;
    this.#item = item;
    const [left, right] = InProcessConnection.pair({ capacity: CAPACITY, schedule: this.crank.schedule });
    const onUncaught = (error: unknown): void => {
      this.#uncaught.push(error);
    };
    const [clientPool, serverPool] = this.#pools as [BufferPool, BufferPool];
    this.client = new Peer(left, { firstStreamId: 1, pool: clientPool, onUncaught });
    this.server = new Peer(right, { firstStreamId: 2, pool: serverPool, onUncaught, handler: this.#handler() });
    this.crank.run();
    this.clientProbe = Probe.requester(interaction === 'request-channel');
    this.#id = this.#request();
    assert.ok(this.#id > 0);
    if (start === 'request under way') return;
    this.crank.run();
    if (start === 'open') return;
    this.server.next(this.#id, item, interaction === 'request-response');
    if (interaction === 'request-response') this.serverProbe?.endedHere('outbound');
    this.server.next(this.#id, item, false);
    this.client.next(this.#id, item, false);
    this.client.next(this.#id, item, false);
  }

  clientCancel(): void {
    if (!this.clientProbe.inboundEnded) this.clientProbe.endedHere('both');
    this.client.cancel(this.#id);
  }

  clientComplete(): void {
    this.clientProbe.endedHere('outbound');
    this.client.complete(this.#id);
  }

  clientError(): void {
    this.clientProbe.endedHere('both');
    this.client.error(this.#id, ErrorCode.APPLICATION_ERROR, 'client');
  }

  clientClose(): void {
    this.client.close();
  }

  serverAnswer(): void {
    const sent = this.server.next(this.#id, this.#item, true);
    if (sent > 0) this.serverProbe?.endedHere('outbound');
  }

  serverComplete(): void {
    this.serverProbe?.endedHere('outbound');
    this.server.complete(this.#id);
  }

  serverError(): void {
    this.serverProbe?.endedHere('both');
    this.server.error(this.#id, ErrorCode.APPLICATION_ERROR, 'server');
  }

  serverCancel(): void {
    this.serverProbe?.endedHere('inbound');
    this.server.cancel(this.#id);
  }

  serverClose(): void {
    this.server.close();
  }

  check(): void {
    this.crank.run(EVERYTHING);
    this.#checkSignals();
    assert.is(this.client.openStreams, this.clientProbe.isOver ? 0 : 1, 'open at the client');
    assert.is(
      this.server.openStreams,
      this.serverProbe === undefined || this.serverProbe.isOver ? 0 : 1,
      'at the server',
    );
    assert.is(this.client.openStreams, this.server.openStreams, 'both agree');
    this.client.close();
    this.crank.run(EVERYTHING);
    this.#checkSignals();
    assert.ok(this.clientProbe.isOver && this.serverProbe?.isOver !== false, 'the end of the connection ends all');
    for (const peer of [this.client, this.server]) {
      assert.is(peer.openStreams, 0);
      assert.is(peer.queuedBytes, 0);
      assert.is(peer.reassemblingBytes, 0);
    }
    for (const pool of this.#pools) pool.assertQuiescent();
    assert.equal(this.#uncaught, []);
  }

  #checkSignals(): void {
    for (const probe of [this.clientProbe, this.serverProbe]) {
      if (probe === undefined) continue;
      assert.equal(probe.violations, []);
      for (const item of probe.items) assert.is(item.length, this.#item.dataLength);
    }
  }

  #request(): number {
    switch (this.#interaction) {
      case 'request-response':
        return this.client.requestResponse(this.#item, this.clientProbe);
      case 'request-stream':
        return this.client.requestStream(this.#item, CREDIT, this.clientProbe);
      default:
        return this.client.requestChannel(this.#item, CREDIT, false, this.clientProbe);
    }
  }

  #handler(): RequestHandler {
    const accept = (hasInbound: boolean): Probe => {
      this.serverProbe = Probe.responder(hasInbound);
      return this.serverProbe;
    };
    return {
      requestResponse: () => accept(false),
      requestStream: () => accept(false),
      requestChannel: (_payload, _n, streamId, peer) => {
        peer.request(streamId, CREDIT);
        return accept(true);
      },
    };
  }
}

function trackingPool(label: string): BufferPool {
  return new BufferPool({ tracking: true, label, slabBytes: 1_024 });
}

const EVENTS = [
  'clientCancel',
  'clientError',
  'clientClose',
  'serverAnswer',
  'serverComplete',
  'serverError',
  'serverClose',
] as const;
const CHANNEL_EVENTS = [...EVENTS, 'clientComplete', 'serverCancel'] as const;

type Event = (typeof CHANNEL_EVENTS)[number];

/** Every order of three different ones. */
function orders(events: readonly Event[]): Event[][] {
  return events.flatMap((first) =>
    events
      .filter((event) => event !== first)
      .flatMap((second) =>
        events.filter((event) => event !== first && event !== second).map((third) => [first, second, third]),
      ),
  );
}

function play(duel: Duel, events: readonly Event[], pauses: readonly number[]): void {
  events.forEach((event, i) => {
    duel[event]();
    duel.crank.steps(Math.min(pauses[i] as number, EVERYTHING));
  });
  duel.check();
}

for (const interaction of ['request-response', 'request-stream', 'request-channel'] as const) {
  for (const item of [SHORT, LONG]) {
    for (const start of ['request under way', 'open', 'items under way'] as const) {
      const length = item === SHORT ? 'short' : 'long';
      test(
        `${interaction}, ${length} payloads, ${start}`,
        () => {
          for (const events of orders(interaction === 'request-channel' ? CHANNEL_EVENTS : EVENTS)) {
            for (const first of BETWEEN) {
              for (const second of BETWEEN) {
                try {
                  play(new Duel(interaction, item, start), events, [first, second, 0]);
                } catch (error) {
                  (error as Error).message = `${events.join(', ')}; ${first}, ${second}: ${(error as Error).message}`;
                  throw error;
                }
              }
            }
          }
        },
        { timeoutMs: 30_000 },
      );
    }
  }
}

test.run();
