/** Connections that end within a call: what the peer was doing then must come to an end, once. */
import { encodePayload, encodeRequestChannel, encodeRequestResponse } from 'flysocket/codec';
import { Peer, type RequestHandler } from 'flysocket/core';
import { DirectBuffer, ErrorCode, FrameFlag, type RSocketError } from 'flysocket/flyweight';
import { BufferPool } from 'flysocket/pool';
import { BACK_PRESSURED, CLOSED, type DuplexConnection, type FrameHandler } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { Probe } from '../tck/Probe.ts';
import { payloadOf } from './RawEnd.ts';

const test = suite('connections that end within a call');

const text = payloadOf('text');

/** Has room for all frames, or for none, and tells of its end at once. */
class StuckConnection implements DuplexConnection {
  readonly buffer: DirectBuffer = new DirectBuffer(new ArrayBuffer(4_096));
  readonly maxFrameLength = 1_024;
  readonly onClose: Promise<undefined> = Promise.resolve(undefined);
  readonly bytesReceived = 0;
  hasRoom = true;
  closed: (RSocketError | undefined)[] = [];
  #handler: FrameHandler | undefined;

  tryClaim(_length: number, alignment: number): number {
    if (this.closed.length > 0) return CLOSED;
    return this.hasRoom ? alignment : BACK_PRESSURED;
  }

  commit(): void {}
  abort(): void {}
  flush(): void {}
  awaitWritable(): void {}
  yieldSoon(): void {}

  receive(handler: FrameHandler): void {
    this.#handler = handler;
  }

  close(error?: RSocketError): void {
    if (this.closed.length > 0) return;
    this.closed.push(error);
    this.#handler?.onClosed(error);
  }

  deliver(encode: (buffer: DirectBuffer) => number): void {
    const frame = new DirectBuffer(new ArrayBuffer(256));
    this.#handler?.onFrame(frame, 0, encode(frame));
  }
}

interface Stuck {
  readonly connection: StuckConnection;
  readonly peer: Peer;
  readonly requester: Probe;
  readonly responder: Probe;
  /** A channel that this side began, and one that the other side did. */
  readonly own: number;
  readonly theirs: number;
}

const THEIRS = 1;
const SINGLE = 3;

/** Runs `act` on a peer whose next frame finds no room, neither in the transport nor in the queue. */
function whenFull(act: (stuck: Stuck) => void, credit = 5): void {
  const connection = new StuckConnection();
  const pool = new BufferPool({ tracking: true, slabBytes: 8_192 });
  const uncaught: unknown[] = [];
  const responder = Probe.responder(true);
  const single = Probe.responder();
  const handler: RequestHandler = {
    requestResponse: () => single,
    requestChannel: (_payload, _n, streamId, rsocket) => {
      rsocket.request(streamId, credit);
      return responder;
    },
  };
  const onUncaught = (error: unknown): void => {
    uncaught.push(error);
  };
  const peer = new Peer(connection, { firstStreamId: 2, pool, handler, maxOutboundBytes: 100, onUncaught });
  const requester = Probe.requester(true);
  const own = peer.requestChannel(text, credit, false, requester);
  connection.deliver((buffer) => encodeRequestChannel(buffer, 0, THEIRS, 5, false, text));
  connection.deliver((buffer) => encodeRequestResponse(buffer, 0, SINGLE, text));
  assert.is(peer.openStreams, 3);
  connection.hasRoom = false;
  act({ connection, peer, requester, responder, own, theirs: THEIRS });
  assert.is(connection.closed[0]?.code, 'ERR_FLYSOCKET_OUTBOUND_FULL');
  assert.is(peer.openStreams, 0);
  assert.is(peer.queuedBytes, 0);
  pool.assertQuiescent();
  assert.equal(uncaught, []);
  for (const probe of [requester, responder, single]) {
    assert.equal(probe.violations, []);
    assert.ok(probe.isOver, `over: ${probe.signals}`);
  }
  // The table of streams is as it should be: nothing in it, and room for what comes.
  assert.is(peer.requestResponse(text, requester), CLOSED);
}

test('in complete', () => {
  whenFull(({ peer, own, requester }) => {
    requester.endedHere('outbound');
    peer.complete(own);
  });
  whenFull(({ peer, theirs, responder }) => {
    responder.endedHere('outbound');
    peer.complete(theirs);
  });
});

test('in cancel', () => {
  whenFull(({ peer, own, requester }) => {
    requester.endedHere('both');
    peer.cancel(own);
  });
  whenFull(({ peer, theirs, responder }) => {
    responder.endedHere('inbound');
    peer.cancel(theirs);
  });
});

test('in error', () => {
  whenFull(({ peer, own, requester }) => {
    requester.endedHere('both');
    peer.error(own, ErrorCode.APPLICATION_ERROR, 'why');
  });
});

test('in request', () => {
  whenFull(({ peer, own }) => peer.request(own, 1));
});

test('in the answer of a request-response', () => {
  whenFull(({ peer }) => assert.is(peer.next(SINGLE, text, true), -5));
});

test('in the grant that an item brings about', () => {
  const half = 2 ** 30;
  whenFull(({ peer, connection, own }) => {
    peer.request(own, 0x7fffffff);
    for (const flags of [FrameFlag.NEXT, FrameFlag.NEXT | FrameFlag.COMPLETE]) {
      connection.deliver((buffer) => encodePayload(buffer, 0, own, flags, text));
    }
  }, half);
  whenFull(({ peer, connection, own }) => {
    peer.request(own, 0x7fffffff);
    connection.deliver((buffer) => encodePayload(buffer, 0, own, FrameFlag.NEXT | FrameFlag.COMPLETE, text));
  }, half);
});

test('in the answer to an item over credit', () => {
  whenFull(({ connection, own }) => {
    connection.deliver((buffer) => encodePayload(buffer, 0, own, FrameFlag.NEXT, text));
    connection.deliver((buffer) => encodePayload(buffer, 0, own, FrameFlag.NEXT, text));
  }, 1);
});

test('in the answer to garbage', () => {
  whenFull(({ connection }) => {
    connection.deliver((buffer) => encodeRequestResponse(buffer, 0, 0, text));
  });
});

test.run();
