import * as fc from 'fast-check';
import type { Peer, PeerOptions, RequestHandler } from 'flysocket/core';
import { DirectBuffer, PayloadFlyweight, RSocketError } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { HandClock } from '../tck/HandClock.ts';
import { Probe } from '../tck/Probe.ts';
import { turn } from '../tck/until.ts';
import { payloadOf, type RawScene, rawScene } from './RawEnd.ts';
import {
  cancel,
  completion,
  error,
  extension,
  fireAndForget,
  keepAlive,
  lease,
  metadataPush,
  ofType,
  payload,
  requestChannel,
  requestN,
  requestResponse,
  requestStream,
  resume,
  resumeOk,
  setup,
  type WriteFrame,
  withReservedBit,
} from './rawFrames.ts';

const test = suite('any frame in any phase of a connection');
const TIME_LIMIT_MS = 2_000;
const text = payloadOf('text');

/** Where a connection is when the frames begin to come. */
const PHASES = ['before SETUP', 'deciding', 'open', 'leased', 'closing', 'hopeful', 'established', 'no SETUP'] as const;
type Phase = (typeof PHASES)[number];

const id = fc.oneof(
  { weight: 3, arbitrary: fc.nat({ max: 7 }) },
  { weight: 1, arbitrary: fc.nat({ max: 0x7fffffff }) },
);
const n = fc.constantFrom(0, 1, 3, 0x7fffffff);
const flags = fc.nat({ max: 0x3ff });
const code = fc.constantFrom(1, 2, 3, 4, 0x101, 0x102, 0x102, 0x201, 0x202, 0xffffffff);

const frame: fc.Arbitrary<WriteFrame> = fc.oneof(
  fc.tuple(n, n, fc.boolean()).map(([interval, lifetime, isLeased]) => {
    return setup({ keepAliveIntervalMs: interval, maxLifetimeMs: lifetime, lease: isLeased });
  }),
  fc.tuple(fc.boolean(), fc.string()).map(([respond, data]) => keepAlive(respond, payloadOf(data))),
  fc.tuple(n, n).map(([requests, ttlMs]) => lease(requests, ttlMs)),
  fc.string().map(metadataPush),
  fc.constantFrom(resume, resumeOk),
  fc.tuple(id, flags).map(([streamId, f]) => extension(streamId, f)),
  fc.tuple(fc.nat({ max: 0x3f }), id, flags).map(([type, streamId, f]) => ofType(type, streamId, f)),
  fc.tuple(id, code).map(([streamId, c]) => error(streamId, c)),
  code.map((c) => error(0, c)),
  fc.tuple(id, flags).map(([streamId, f]) => payload(streamId, f & 0xe0)),
  id.map(completion),
  id.map(requestResponse),
  id.map(fireAndForget),
  fc.tuple(id, n).map(([streamId, k]) => requestStream(streamId, k)),
  fc.tuple(id, n, fc.boolean()).map(([streamId, k, c]) => requestChannel(streamId, k, c)),
  fc.tuple(id, n).map(([streamId, k]) => requestN(streamId, k)),
  id.map(cancel),
);

/** What may have been done to a frame on its way. */
const damaged: fc.Arbitrary<WriteFrame> = fc
  .tuple(frame, fc.nat({ max: 9 }), fc.nat(), fc.nat({ max: 255 }))
  .map(([whole, kind, at, byte]) => {
    if (kind > 3) return whole;
    if (kind === 0) return withReservedBit(whole);
    return (b, o) => {
      const length = whole(b, o);
      if (kind === 1) return at % (length + 1);
      b.putUint8(o + (at % length), byte);
      return length;
    };
  });

const garbage: fc.Arbitrary<WriteFrame> = fc.uint8Array({ maxLength: 60 }).map((bytes) => (b, o) => {
  b.putBytes(o, bytes);
  return bytes.length;
});

const ACTS = [
  'ask',
  'stream',
  'channel',
  'fire',
  'push',
  'cancel',
  'answer',
  'shut',
  'grant',
  'decide',
  'wait',
] as const;
type Act = (typeof ACTS)[number];

const step = fc.oneof(
  { weight: 10, arbitrary: damaged.map((write) => ({ write })) },
  { weight: 1, arbitrary: garbage.map((write) => ({ write })) },
  { weight: 4, arbitrary: fc.tuple(fc.constantFrom(...ACTS), id).map(([act, streamId]) => ({ act, streamId })) },
);

class Subject {
  readonly scene: RawScene;
  readonly clock: HandClock = new HandClock();
  readonly #own: Probe[] = [];
  readonly #cancelled = new Set<Probe>();
  readonly #byId = new Map<number, Probe>();
  #decide: (handler: RequestHandler) => void = () => {};
  readonly #handler: RequestHandler = {
    requestResponse: () => this.#theirs(false),
    fireAndForget: () => {},
    requestStream: () => this.#theirs(false),
    requestChannel: () => this.#theirs(true),
    metadataPush: () => {},
  };
  readonly #accepted: Probe[] = [];

  constructor(phase: Phase) {
    const isClient = phase === 'hopeful' || phase === 'established';
    const decision = new Promise<RequestHandler>((resolve) => {
      this.#decide = resolve;
    });
    const handler = this.#handler;
    const role: Partial<PeerOptions> = isClient
      ? { setup: {}, handler, firstStreamId: 1 }
      : { entrance: { accept: () => (phase === 'deciding' ? decision : handler), maxHeldBytes: 1_000 } };
    const options = phase === 'no SETUP' ? { handler } : role;
    const limits = { maxStreams: 4, maxPayloadLength: 500, maxOutboundBytes: 5_000 };
    const leases = phase === 'leased' ? { lease: { grant: { requests: 2, ttlMs: 900 } } } : {};
    this.scene = rawScene({ clock: this.clock, ...limits, ...leases, ...options }, 1_024);
    const frames: WriteFrame[] = {
      'before SETUP': [],
      deciding: [setup()],
      open: [setup()],
      leased: [setup({ lease: true })],
      closing: [setup(), requestStream(1, 1), error(0, 0x102)],
      hopeful: [],
      established: [metadataPush('m')],
      'no SETUP': [],
    }[phase];
    for (const write of frames) assert.ok(this.scene.raw.send(write));
    this.scene.crank.run();
    assert.is(this.scene.peer.isClosed, false);
  }

  get peer(): Peer {
    return this.scene.peer;
  }

  do(act: Act, streamId: number): void {
    const { peer, clock, crank } = this;
    if (act === 'ask') this.#ask((probe) => peer.requestResponse(text, probe));
    else if (act === 'stream') this.#ask((probe) => peer.requestStream(text, 3, probe));
    else if (act === 'channel') this.#ask((probe) => peer.requestChannel(text, 3, false, probe), true);
    else if (act === 'fire') peer.fireAndForget(text);
    else if (act === 'push') peer.metadataPush(new PayloadFlyweight());
    else if (act === 'cancel') this.#cancel(streamId);
    else if (act === 'answer') peer.next(streamId, text, true);
    else if (act === 'shut') peer.shutDown(300);
    else if (act === 'grant') peer.grantLease({ requests: streamId & 0xff, ttlMs: 100 });
    else if (act === 'decide') this.#decide(this.#handler);
    else clock.advance(200, () => crank.run());
  }

  get crank(): RawScene['crank'] {
    return this.scene.crank;
  }

  #ask(request: (probe: Probe) => number, isChannel = false): void {
    const probe = Probe.requester(isChannel);
    const streamId = request(probe);
    if (streamId <= 0) return;
    this.#own.push(probe);
    this.#byId.set(streamId, probe);
  }

  #cancel(streamId: number): void {
    const probe = this.#byId.get(streamId);
    this.peer.cancel(streamId);
    if (probe !== undefined && !probe.inboundEnded) this.#cancelled.add(probe);
  }

  #theirs(hasInbound: boolean): Probe {
    const probe = Probe.responder(hasInbound);
    this.#accepted.push(probe);
    return probe;
  }

  /** After its end nothing is left, and each request has heard one end of itself, unless it was cancelled here. */
  assertOver(): void {
    const { peer, pool, uncaught } = this.scene;
    assert.is(peer.isClosed, true);
    assert.is(peer.openStreams + peer.queuedBytes + peer.reassemblingBytes, 0);
    pool.assertQuiescent();
    assert.is(this.clock.timers, 0);
    assert.equal(uncaught, []);
    for (const probe of this.#own) {
      assert.equal(probe.violations, []);
      const ends = probe.signals.filter((signal) => signal === 'complete' || signal === 'error').length;
      const isCancelled = this.#cancelled.has(probe);
      assert.ok(isCancelled ? ends === 0 : ends >= 1 && ends <= 2, probe.signals.join(' '));
      assert.ok(probe.signals.filter((signal) => signal === 'complete').length <= 1);
      assert.ok(probe.signals.filter((signal) => signal === 'error').length <= 1);
    }
    for (const probe of this.#accepted) {
      assert.ok(probe.signals.filter((signal) => signal === 'error' || signal === 'cancel').length <= 2);
    }
  }
}

test(
  'breaks nothing but its own connection, and leaves nothing behind',
  async () => {
    const ends = { closed: 0, survived: 0 };
    const phases = new Map<Phase, number>();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...PHASES), fc.array(step, { maxLength: 30 }), async (phase, steps) => {
        const subject = new Subject(phase);
        const { raw, crank, peer } = subject.scene;
        for (const each of steps) {
          if ('write' in each) raw.send(each.write);
          else subject.do(each.act, each.streamId);
          crank.run();
          await undefined;
        }
        crank.run();
        if (peer.isClosed) {
          ends.closed++;
          assert.is(raw.closedWith.length, 1);
          const end = raw.closedWith[0];
          assert.ok(end === undefined || end instanceof RSocketError);
        } else {
          ends.survived++;
          phases.set(phase, (phases.get(phase) ?? 0) + 1);
          assert.ok(peer.openStreams <= 4);
        }
        peer.close();
        crank.run();
        await undefined;
        subject.assertOver();
      }),
      { numRuns: 100_000, interruptAfterTimeLimit: TIME_LIMIT_MS },
    );
    assert.ok(ends.closed > 50 && ends.survived > 20, `${ends.closed} closed, ${ends.survived} survived`);
    assert.ok(phases.size >= PHASES.length - 2, [...phases.keys()].join(', '));
    await turn();
  },
  { timeoutMs: 30_000 },
);

test('a frame of any type and any length from 0 on is looked at in every phase without a throw', () => {
  const bytes = new DirectBuffer(new ArrayBuffer(64));
  for (const phase of PHASES) {
    for (let type = 0; type < 64; type++) {
      const subject = new Subject(phase);
      for (let length = 0; length < 40; length += 3) {
        for (const streamId of [0, 1]) {
          bytes.putInt32(0, streamId);
          bytes.putUint16(4, type << 10);
          subject.peer.onFrame(bytes, 0, length);
        }
      }
      subject.crank.run();
      subject.peer.close();
      subject.crank.run();
      subject.assertOver();
    }
  }
});

test.run();
