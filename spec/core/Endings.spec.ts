import * as fc from 'fast-check';
import { Peer, type PeerOptions, type RequestHandler, SENT } from 'flysocket/core';
import { PayloadFlyweight, RSocketError } from 'flysocket/flyweight';
import { BufferPool } from 'flysocket/pool';
import { InProcessConnection } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { HandClock } from '../tck/HandClock.ts';
import { HandCrank } from '../tck/HandCrank.ts';
import { Probe } from '../tck/Probe.ts';
import { turn } from '../tck/until.ts';
import { longPayload, payloadOf } from './RawEnd.ts';

const test = suite('streams and their connection end in any order');
const TIME_LIMIT_MS = 2_500;

const OPS = [
  'ask',
  'ask at length',
  'stream',
  'channel',
  'send',
  'send the last',
  'complete',
  'error',
  'cancel',
  'request',
  'grant',
  'push',
  'shut down',
] as const;
type Op = (typeof OPS)[number];
/** What ends the whole connection comes seldom. */
const END_OPS = ['close', 'close with an error'] as const;

const op = fc.oneof(
  { weight: 40, arbitrary: fc.constantFrom<Op>(...OPS) },
  { weight: 1, arbitrary: fc.constantFrom(...END_OPS) },
);
const step = fc.record({
  isClient: fc.boolean(),
  op,
  which: fc.nat({ max: 5 }),
  /** Deliveries that run after it. */
  cranks: fc.nat({ max: 4 }),
  passMs: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 1_500 }) }),
});
const scenario = fc.record({
  isLeased: fc.boolean(),
  capacity: fc.constantFrom(256, 4_096),
  steps: fc.array(step, { maxLength: 60 }),
});

const text = payloadOf('text');
const long = longPayload(700);

/** One side: its peer, and a probe for each stream that it has or had. */
class Side {
  peer!: Peer;
  readonly probes = new Map<number, Probe>();
  /** Requests of the other side that get one answer. */
  readonly #singles = new Set<number>();
  readonly #isClient: boolean;
  readonly handler: RequestHandler = {
    requestResponse: (_payload, streamId) => {
      this.#singles.add(streamId);
      return this.#add(streamId, Probe.responder());
    },
    fireAndForget: () => {},
    requestStream: (_payload, _n, streamId) => this.#add(streamId, Probe.responder()),
    requestChannel: (_payload, _n, streamId) => this.#add(streamId, Probe.responder(true)),
    metadataPush: () => {},
  };

  constructor(isClient: boolean) {
    this.#isClient = isClient;
  }

  #add(streamId: number, probe: Probe): Probe {
    this.probes.set(streamId, probe);
    return probe;
  }

  #ask(probe: Probe, request: (probe: Probe) => number): void {
    const streamId = request(probe);
    if (streamId > 0) this.#add(streamId, probe);
  }

  do(what: Op | (typeof END_OPS)[number], which: number): void {
    const { peer } = this;
    if (what === 'ask') this.#ask(Probe.requester(), (probe) => peer.requestResponse(text, probe));
    else if (what === 'ask at length') this.#ask(Probe.requester(), (probe) => peer.requestResponse(long, probe));
    else if (what === 'stream') this.#ask(Probe.requester(), (probe) => peer.requestStream(text, 2, probe));
    else if (what === 'channel')
      this.#ask(Probe.requester(true), (probe) => peer.requestChannel(text, 2, false, probe));
    else if (what === 'grant') peer.grantLease({ requests: which, ttlMs: 300 });
    else if (what === 'push') peer.metadataPush(new PayloadFlyweight());
    else if (what === 'shut down') peer.shutDown(1_000);
    else if (what === 'close') peer.close();
    else if (what === 'close with an error') peer.close(new RSocketError('ERR_TEST', 'closed by the test'));
    else this.#doOnStream(what, which);
  }

  #doOnStream(what: Op, which: number): void {
    const open = [...this.probes].filter(([, probe]) => !probe.isOver);
    const chosen = open[which % Math.max(open.length, 1)];
    if (chosen === undefined) return;
    const [id, probe] = chosen;
    const { peer } = this;
    if (what === 'request') {
      if (!probe.inboundEnded) peer.request(id, which + 1);
    } else if (what === 'cancel') {
      const isOwn = ((id & 1) === 1) === this.#isClient;
      if (!probe.inboundEnded) probe.endedHere(isOwn ? 'both' : 'inbound');
      peer.cancel(id);
    } else if (what === 'complete') {
      probe.endedHere('outbound');
      peer.complete(id);
    } else if (what === 'error') {
      probe.endedHere('both');
      peer.error(id, 0x201, 'why');
    } else if (what === 'send' || what === 'send the last') {
      const isLast = what === 'send the last' || this.#singles.has(id);
      if (peer.next(id, which === 0 ? long : text, isLast) === SENT && isLast) probe.endedHere('outbound');
    }
  }
}

function connect(
  isLeased: boolean,
  capacity: number,
): {
  client: Side;
  server: Side;
  crank: HandCrank;
  clock: HandClock;
  pool: BufferPool;
  uncaught: unknown[];
} {
  const crank = new HandCrank();
  const clock = new HandClock();
  const pool = new BufferPool({ tracking: true, slabBytes: 8_192 });
  const uncaught: unknown[] = [];
  const onUncaught = (error: unknown): void => {
    uncaught.push(error);
  };
  const [left, right] = InProcessConnection.pair({ schedule: crank.schedule, capacity });
  const client = new Side(true);
  const server = new Side(false);
  const grant = { requests: 5, ttlMs: 400 };
  const shared: Omit<PeerOptions, 'firstStreamId'> = {
    pool,
    clock,
    onUncaught,
    ...(isLeased ? { lease: { grant } } : {}),
  };
  client.peer = new Peer(left, {
    ...shared,
    firstStreamId: 1,
    handler: client.handler,
    setup: { keepAliveIntervalMs: 250, maxLifetimeMs: 60_000 },
  });
  server.peer = new Peer(right, { ...shared, firstStreamId: 2, entrance: { accept: () => server.handler } });
  crank.run();
  return { client, server, crank, clock, pool, uncaught };
}

test(
  'and each stream has heard its end once, on either side',
  async () => {
    let closedByItself = 0;
    let streams = 0;
    await fc.assert(
      fc.asyncProperty(scenario, async ({ isLeased, capacity, steps }) => {
        const { client, server, crank, clock, pool, uncaught } = connect(isLeased, capacity);
        for (const each of steps) {
          (each.isClient ? client : server).do(each.op, each.which);
          crank.steps(each.cranks);
          await undefined;
          if (each.passMs > 0) clock.advance(each.passMs, () => crank.steps(2));
        }
        crank.run();
        await undefined;
        crank.run();
        if (client.peer.isClosed) closedByItself++;
        else client.peer.close();
        crank.run();
        await undefined;
        for (const side of [client, server]) {
          const { peer, probes } = side;
          assert.is(peer.isClosed, true);
          assert.is(peer.openStreams + peer.queuedBytes + peer.reassemblingBytes, 0);
          streams += probes.size;
          for (const probe of probes.values()) {
            assert.equal(probe.violations, []);
            assert.ok(probe.isOver, probe.signals.join(' '));
            for (const end of ['complete', 'error', 'cancel']) {
              assert.ok(probe.signals.filter((signal) => signal === end).length <= 1, probe.signals.join(' '));
            }
          }
        }
        pool.assertQuiescent();
        assert.is(clock.timers, 0);
        assert.equal(uncaught, []);
      }),
      { numRuns: 100_000, interruptAfterTimeLimit: TIME_LIMIT_MS },
    );
    assert.ok(closedByItself > 50 && streams > 500, `${closedByItself} closed by themselves, ${streams} streams`);
    await turn();
  },
  { timeoutMs: 30_000 },
);

test.run();
