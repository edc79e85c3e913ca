import { type Peer, type RequestHandler, type RSocketPeer, SENT } from 'flysocket/core';
import { DirectBuffer, ErrorCode, PayloadFlyweight } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import type { GuardedSuite } from '../support/suite.ts';
import { type ContractMode, type ContractScene, type MakeConnections, withContractPeers } from './contractPeers.ts';
import { Probe } from './Probe.ts';
import { assertBytes, bytesOf } from './samplePayloads.ts';
import { turns, until } from './until.ts';

/** Turns of the event loop between two events: none, so that their frames cross; one; or enough for both to know. */
const GAPS = [0, 1, 12];
const CREDIT = 4;
/** Data of the items: one goes in one frame of 64 bytes, the others in several. */
const ITEMS = [20, 300, 90].map((length, i) => bytesOf(i, length));
/** Sent right before the first event of its stream: as many as there are streams, they fill what has little room. */
const LAST_ITEM = bytesOf(ITEMS.length, 3_000);

const STREAM_EVENTS = ['requester cancels', 'requester completes', 'responder completes', 'responder errors'] as const;
type StreamEvent = (typeof STREAM_EVENTS)[number];

/** What happens at a moment: the client or the server disconnects, or each stream has an event of its own. */
type Moment = 'client disconnects' | 'server disconnects' | 'streams';
const CLIENT: Moment = 'client disconnects';
const SERVER: Moment = 'server disconnects';
const STREAMS: Moment = 'streams';

/** Every pair and triple of events is one of these, with one of the streams on it. */
const PATTERNS: readonly Moment[][] = [
  [STREAMS, STREAMS],
  [STREAMS, STREAMS, STREAMS],
  ...[CLIENT, SERVER].flatMap((one) => [
    [one, STREAMS],
    [STREAMS, one],
    [one, STREAMS, STREAMS],
    [STREAMS, one, STREAMS],
    [STREAMS, STREAMS, one],
  ]),
  ...[
    [CLIENT, SERVER],
    [SERVER, CLIENT],
  ].flatMap(([one, other]) => [
    [one as Moment, other as Moment],
    [STREAMS, one as Moment, other as Moment],
    [one as Moment, STREAMS, other as Moment],
    [one as Moment, other as Moment, STREAMS],
  ]),
];

/** One stream, with those who hear it on both sides. */
class Contest {
  readonly events: readonly StreamEvent[];
  readonly clientProbe: Probe = Probe.requester(true);
  serverProbe: Probe | undefined;
  id = 0;
  readonly #fromClient: Uint8Array[] = [];
  readonly #fromServer: Uint8Array[] = [];

  constructor(events: readonly StreamEvent[]) {
    this.events = events;
  }

  /** Both sides send, each for as long as there is room. */
  send(items: readonly Uint8Array[], client: Peer, server: Peer): void {
    sendAll(server, this.id, items, this.#fromServer);
    sendAll(client, this.id, items, this.#fromClient);
  }

  play(event: StreamEvent, client: Peer, server: Peer): void {
    const { id, clientProbe, serverProbe } = this;
    if (event === 'requester cancels') {
      if (!clientProbe.inboundEnded) clientProbe.endedHere('both');
      client.cancel(id);
    } else if (event === 'requester completes') {
      clientProbe.endedHere('outbound');
      client.complete(id);
    } else if (serverProbe !== undefined) {
      serverProbe.endedHere(event === 'responder errors' ? 'both' : 'outbound');
      if (event === 'responder errors') server.error(id, ErrorCode.APPLICATION_ERROR, 'server');
      else server.complete(id);
    }
  }

  /** Each half has ended on both sides, or on neither. */
  get isAgreed(): boolean {
    const { clientProbe, serverProbe } = this;
    if (serverProbe === undefined) return clientProbe.isOver;
    return (
      clientProbe.inboundEnded === serverProbe.outboundEnded && clientProbe.outboundEnded === serverProbe.inboundEnded
    );
  }

  /** Every signal was in its place, and every item what was sent. */
  check(): void {
    const { clientProbe, serverProbe } = this;
    assert.equal(clientProbe.violations, []);
    for (const [i, item] of clientProbe.items.entries()) assertBytes(item, this.#fromServer[i]);
    if (serverProbe === undefined) return;
    assert.equal(serverProbe.violations, []);
    for (const [i, item] of serverProbe.items.entries()) assertBytes(item, this.#fromClient[i]);
  }

  toString(): string {
    const { events, clientProbe, serverProbe } = this;
    return `${events.join(', ')}: client ${clientProbe.signals.join(' ')}, server ${serverProbe?.signals.join(' ')}`;
  }
}

/**
 * What ends a stream, or the connection, in every order: all pairs and triples of different events with pauses of
 * different lengths between them. The streams of one pattern share a connection.
 */
export function contractCrossings(
  test: GuardedSuite<Record<string, unknown>>,
  make: MakeConnections,
  mode: ContractMode,
): void {
  for (const pattern of PATTERNS) {
    test(`ends that cross: ${pattern.join(', ')}`, async () => {
      for (const gaps of allGaps(pattern.length - 1)) {
        const arena = new Arena(pattern, gaps);
        const setup = { requestHandler: arena.requestHandler };
        try {
          await withContractPeers(make, mode, setup, (scene) => arena.run(scene));
        } catch (error) {
          (error as Error).message = `pauses of ${gaps} turns: ${(error as Error).message}`;
          throw error;
        }
      }
    });
  }
}

/** A pattern with its pauses, on one connection. */
class Arena {
  readonly #pattern: readonly Moment[];
  readonly #gaps: readonly number[];
  readonly #contests: Contest[];
  readonly requestHandler: RequestHandler;
  /** By the ids of their streams. */
  readonly #begun: Map<number, Contest> = new Map();

  constructor(pattern: readonly Moment[], gaps: readonly number[]) {
    this.#pattern = pattern;
    this.#gaps = gaps;
    const orders = ordersOf(pattern.filter((moment) => moment === STREAMS).length);
    // Each order twice: on a stream with items under way, and on one that is still being asked for.
    this.#contests = [...orders, ...orders].map((order) => new Contest(order));
    this.requestHandler = {
      requestChannel: (payload, _initialRequestN, streamId, peer) => {
        const probe = Probe.responder(true);
        assertBytes(payload.copyOfData(), ITEMS[0]);
        (this.#begun.get(streamId) as Contest).serverProbe = probe;
        peer.request(streamId, CREDIT);
        return probe;
      },
    };
  }

  async run({ client, server }: ContractScene): Promise<void> {
    const [low, high] = [client.zeroCopy, server.zeroCopy];
    const half = this.#contests.length / 2;
    const early = this.#contests.slice(0, half);
    for (const contest of early) await this.#begin(contest, low);
    await until(() => early.every(({ serverProbe }) => serverProbe !== undefined), 'the requests have come');
    for (const contest of early) contest.send(ITEMS, low, high);
    for (const contest of this.#contests.slice(half)) await this.#begin(contest, low);
    await this.#play(client, server);
    await this.#checkAgreement(client, server);
    client.destroy();
    await until(() => low.isClosed && high.isClosed, 'both sides know the end');
    for (const contest of this.#contests) {
      contest.check();
      const isOver = contest.clientProbe.isOver && contest.serverProbe?.isOver !== false;
      assert.ok(isOver, `the end of the connection ends all: ${contest}`);
    }
  }

  async #begin(contest: Contest, client: Peer): Promise<void> {
    for (;;) {
      contest.id = client.requestChannel(payloadOf(ITEMS[0] as Uint8Array), CREDIT, false, contest.clientProbe);
      if (contest.id > 0) break;
      await new Promise<void>((resolve) => client.whenWritable(resolve));
    }
    this.#begun.set(contest.id, contest);
  }

  async #play(client: RSocketPeer, server: RSocketPeer): Promise<void> {
    let event = 0;
    for (const [i, moment] of this.#pattern.entries()) {
      if (i > 0) await turns(this.#gaps[i - 1] as number);
      if (moment === STREAMS) {
        for (const contest of this.#contests) {
          if (event === 0 && contest.serverProbe !== undefined)
            contest.send([LAST_ITEM], client.zeroCopy, server.zeroCopy);
          contest.play(contest.events[event] as StreamEvent, client.zeroCopy, server.zeroCopy);
        }
        event++;
      } else if (moment === CLIENT) client.destroy();
      else server.destroy();
    }
  }

  /** Both sides come to see the same halves of streams open. */
  async #checkAgreement(client: RSocketPeer, server: RSocketPeer): Promise<void> {
    await until(() => this.#contests.every(({ isAgreed }) => isAgreed), 'both sides agree on what is open');
    const open = this.#contests.filter(({ clientProbe }) => !clientProbe.isOver).length;
    assert.is(client.zeroCopy.openStreams, open);
    assert.is(server.zeroCopy.openStreams, open);
    for (const contest of this.#contests) contest.check();
  }
}

/** Every order of `length` different events of a stream. */
function ordersOf(length: number): StreamEvent[][] {
  if (length === 0) return [[]];
  return ordersOf(length - 1).flatMap((order) =>
    STREAM_EVENTS.filter((event) => !order.includes(event)).map((event) => [...order, event]),
  );
}

function allGaps(length: number): number[][] {
  if (length === 0) return [[]];
  return allGaps(length - 1).flatMap((gaps) => GAPS.map((gap) => [...gaps, gap]));
}

function sendAll(peer: Peer, streamId: number, items: readonly Uint8Array[], sent: Uint8Array[]): void {
  for (const item of items) {
    if (peer.next(streamId, payloadOf(item), false) !== SENT) return;
    sent.push(item);
  }
}

function payloadOf(bytes: Uint8Array): PayloadFlyweight {
  return new PayloadFlyweight().wrapData(new DirectBuffer(bytes), 0, bytes.length);
}
