import * as fc from 'fast-check';
import {
  encodeCancel,
  encodeError,
  encodePayload,
  encodeRequestChannel,
  encodeRequestN,
  encodeRequestResponse,
  encodeRequestStream,
} from 'flysocket/codec';
import { IgnoringSubscriber, type RequestHandler, type StreamSubscriber } from 'flysocket/core';
import { DirectBuffer, FrameFlag, RSocketError } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { Probe } from '../tck/Probe.ts';
import { payloadOf, rawScene } from './RawEnd.ts';

const test = suite('garbage that comes in');
const TIME_LIMIT_MS = 2_000;

const bytes = fc.uint8Array({ maxLength: 80 });
const id = fc.oneof(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 0x7fffffff }));
const flags = fc.integer({ min: 0, max: 0x3ff });
const n = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom(0x7fffffff, 0x7ffffffe));

/** A frame that is well formed, as a whole or nearly. */
const frame = fc.oneof(
  fc
    .tuple(id, flags, bytes)
    .map(([streamId, f, data]) => encoded((b) => encodePayload(b, 0, streamId, f & 0x3e0, payloadOf(String(data))))),
  id.map((streamId) => encoded((b) => encodeRequestResponse(b, 0, streamId, payloadOf('q')))),
  fc.tuple(id, n).map(([streamId, k]) => encoded((b) => encodeRequestStream(b, 0, streamId, k, payloadOf('q')))),
  fc
    .tuple(id, n, fc.boolean())
    .map(([streamId, k, c]) => encoded((b) => encodeRequestChannel(b, 0, streamId, k, c, payloadOf('q')))),
  fc.tuple(id, n).map(([streamId, k]) => encoded((b) => encodeRequestN(b, 0, streamId, k))),
  id.map((streamId) => encoded((b) => encodeCancel(b, 0, streamId))),
  fc
    .tuple(
      id.filter((i) => i !== 0),
      fc.string(),
    )
    .map(([streamId, why]) => encoded((b) => encodeError(b, 0, streamId, 0x201, why))),
);

function encoded(encode: (buffer: DirectBuffer) => number): Uint8Array {
  const buffer = new DirectBuffer(new ArrayBuffer(1_024));
  return buffer.copyOf(0, encode(buffer));
}

/** What may be done to a frame on its way. */
const damaged = fc
  .tuple(frame, fc.integer({ min: 0, max: 2 }), fc.nat(), fc.integer({ min: 0, max: 255 }))
  .map(([whole, kind, at, byte]) => {
    if (kind === 0) return whole;
    if (kind === 1) return whole.subarray(0, at % (whole.length + 1));
    const changed = Uint8Array.from(whole);
    changed[at % whole.length] = byte;
    return changed;
  });

/** What the peer itself does meanwhile. */
const action = fc.constantFrom('request', 'stream', 'channel', 'answer', 'grant', 'cancel', 'complete', 'error');

const step = fc.oneof(
  { weight: 1, arbitrary: bytes.map((garbage) => ({ garbage })) },
  { weight: 8, arbitrary: damaged.map((garbage) => ({ garbage })) },
  { weight: 3, arbitrary: fc.tuple(action, id).map(([act, streamId]) => ({ act, streamId })) },
);

class Counting extends IgnoringSubscriber {
  errors = 0;

  override onError(error: RSocketError): void {
    assert.instance(error, RSocketError);
    this.errors++;
  }
}

test(
  'nothing but RSocketErrors come of it, the connection ends or goes on, and nothing is left behind',
  () => {
    let closed = 0;
    let survived = 0;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const accepted: Probe[] = [];
        const accept = (hasInbound: boolean): StreamSubscriber => {
          const probe = Probe.responder(hasInbound);
          accepted.push(probe);
          return probe;
        };
        const handler: RequestHandler = {
          requestResponse: () => accept(false),
          requestStream: () => accept(false),
          requestChannel: () => accept(true),
        };
        const own = new Counting();
        const { peer, raw, crank, pool, uncaught } = rawScene({ handler, maxPayloadLength: 500, maxStreams: 4 });
        const q = payloadOf('q');
        for (const each of steps) {
          if ('garbage' in each) raw.sendBytes(each.garbage);
          else if (each.act === 'request') peer.requestResponse(q, own);
          else if (each.act === 'stream') peer.requestStream(q, 3, own);
          else if (each.act === 'channel') peer.requestChannel(q, 3, false, own);
          else if (each.act === 'answer') peer.next(each.streamId, q, false);
          else if (each.act === 'grant') peer.request(each.streamId, 2);
          else if (each.act === 'cancel') peer.cancel(each.streamId);
          else if (each.act === 'complete') peer.complete(each.streamId);
          else peer.error(each.streamId, 0x201, 'why');
          crank.run();
        }
        if (peer.isClosed) {
          closed++;
          assert.is(raw.closedWith.length, 1);
          assert.instance(raw.closedWith[0], RSocketError);
        } else {
          survived++;
          assert.ok(peer.openStreams <= 4);
        }
        peer.close();
        crank.run();
        assert.is(peer.openStreams + peer.queuedBytes + peer.reassemblingBytes, 0);
        pool.assertQuiescent();
        assert.equal(uncaught, []);
        for (const probe of accepted) assert.ok(probe.signals.filter((signal) => signal === 'error').length <= 1);
      }),
      { numRuns: 100_000, interruptAfterTimeLimit: TIME_LIMIT_MS },
    );
    assert.ok(closed > 10 && survived > 10, `${closed} closed, ${survived} survived`);
  },
  { timeoutMs: 30_000 },
);

test('a truncated frame of any type ends the connection or is ignored', () => {
  const wholes: Uint8Array[] = [
    encoded((b) => encodeRequestChannel(b, 0, 1, 3, false, payloadOf('data'))),
    encoded((b) =>
      encodePayload(b, 0, 1, FrameFlag.NEXT, payloadOf('data').wrapMetadata(payloadOf('meta').dataBuffer, 0, 4)),
    ),
    encoded((b) => encodeRequestN(b, 0, 1, 3)),
    encoded((b) => encodeError(b, 0, 1, 0x201, 'why')),
    encoded((b) => encodeCancel(b, 0, 1)),
  ];
  for (const whole of wholes) {
    for (let length = 0; length < whole.length; length++) {
      const { peer, raw, crank, pool, uncaught } = rawScene({ handler: {} });
      raw.sendBytes(whole.subarray(0, length));
      crank.run();
      if (length < 6) assert.is(raw.closedWith[0]?.code, 'ERR_FLYSOCKET_FRAME_TOO_SHORT');
      else if (peer.isClosed) assert.match(raw.closedWith[0]?.code ?? '', 'ERR_FLYSOCKET_');
      peer.close();
      crank.run();
      pool.assertQuiescent();
      assert.equal(uncaught, []);
    }
  }
});

test.run();
