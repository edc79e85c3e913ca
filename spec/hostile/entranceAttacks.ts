import { ErrorCode, FrameFlag, FrameType } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
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
} from '../core/rawFrames.ts';
import type { DefineAttack } from './attackTests.ts';

const { INVALID_SETUP, UNSUPPORTED_SETUP, REJECTED_SETUP, REJECTED_RESUME, CONNECTION_ERROR } = ErrorCode;
const INVALID = 'ERR_FLYSOCKET_INVALID_SETUP';
const UNSUPPORTED = 'ERR_FLYSOCKET_UNSUPPORTED_SETUP';
const REJECTED = 'ERR_FLYSOCKET_REJECTED_SETUP';

const bytes =
  (...values: number[]): WriteFrame =>
  (b, o) => {
    b.putBytes(o, Uint8Array.from(values));
    return values.length;
  };

/** The frame without its last bytes, up to `length`. */
const cut =
  (length: number, frame: WriteFrame): WriteFrame =>
  (b, o) => {
    frame(b, o);
    return length;
  };

/** The frame with the byte at `at` put in place. */
const with8 =
  (at: number, value: number, frame: WriteFrame): WriteFrame =>
  (b, o) => {
    const length = frame(b, o);
    b.putUint8(o + at, value);
    return length;
  };

/** Where the lengths of the MIME types of `setup()` lie. */
const METADATA_MIME_TYPE_LENGTH = 18;
const DATA_MIME_TYPE_LENGTH = 28;
/** What a SETUP with a resume token says of its length. */
const TOKEN_LENGTH = 18;
const RESUME_FLAG_HIGH_BYTE = 5;

type Beginning = readonly [what: string, frame: WriteFrame, code: string, errorCode: number];

const wrongBeginnings: readonly Beginning[] = [
  ['zeros', bytes(0, 0, 0, 0, 0, 0), INVALID, INVALID_SETUP],
  ['ones', bytes(...new Array(64).fill(0xff)), INVALID, INVALID_SETUP],
  ['text of HTTP', bytes(...Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n')), INVALID, INVALID_SETUP],
  ['REQUEST_RESPONSE', requestResponse(1), INVALID, INVALID_SETUP],
  ['REQUEST_FNF', fireAndForget(1), INVALID, INVALID_SETUP],
  ['REQUEST_STREAM', requestStream(1, 1), INVALID, INVALID_SETUP],
  ['REQUEST_CHANNEL', requestChannel(1, 1), INVALID, INVALID_SETUP],
  ['REQUEST_N', requestN(1, 1), INVALID, INVALID_SETUP],
  ['CANCEL', cancel(1), INVALID, INVALID_SETUP],
  ['PAYLOAD', payload(1, FrameFlag.NEXT), INVALID, INVALID_SETUP],
  ['PAYLOAD that completes', completion(1), INVALID, INVALID_SETUP],
  ['ERROR', error(0, CONNECTION_ERROR), INVALID, INVALID_SETUP],
  ['ERROR on a stream', error(1), INVALID, INVALID_SETUP],
  ['KEEPALIVE', keepAlive(true), INVALID, INVALID_SETUP],
  ['LEASE', lease(1, 1_000), INVALID, INVALID_SETUP],
  ['METADATA_PUSH', metadataPush('m'), INVALID, INVALID_SETUP],
  ['RESUME', resume, 'ERR_FLYSOCKET_REJECTED_RESUME', REJECTED_RESUME],
  ['RESUME_OK', resumeOk, INVALID, INVALID_SETUP],
  ['an extension that may be ignored', extension(0, FrameFlag.IGNORE), INVALID, INVALID_SETUP],
  ['a type that nobody knows', ofType(0x2a, 0, 0), INVALID, INVALID_SETUP],
  ['SETUP on a stream', ofType(FrameType.SETUP, 1, 0), INVALID, INVALID_SETUP],
  ['SETUP with the reserved bit', withReservedBit(setup()), INVALID, INVALID_SETUP],
  ['SETUP without an interval', setup({ keepAliveIntervalMs: 0 }), INVALID, INVALID_SETUP],
  ['SETUP without a lifetime', setup({ maxLifetimeMs: 0 }), INVALID, INVALID_SETUP],
  ['SETUP of version 2.0', setup({ majorVersion: 2 }), UNSUPPORTED, UNSUPPORTED_SETUP],
  ['SETUP of version 0.2', setup({ majorVersion: 0, minorVersion: 2 }), UNSUPPORTED, UNSUPPORTED_SETUP],
  ['SETUP with a resume token', setup({ resumeToken: new Uint8Array(16) }), REJECTED, REJECTED_SETUP],
  ['SETUP that asks for leases', setup({ lease: true }), UNSUPPORTED, UNSUPPORTED_SETUP],
  ['SETUP without its end', cut(20, setup()), INVALID, INVALID_SETUP],
  ['a long metadata MIME type', with8(METADATA_MIME_TYPE_LENGTH, 0xff, setup()), INVALID, INVALID_SETUP],
  ['a long data MIME type', with8(DATA_MIME_TYPE_LENGTH, 0xff, setup()), INVALID, INVALID_SETUP],
  [
    'a long resume token',
    with8(RESUME_FLAG_HIGH_BYTE, 0x80, with8(TOKEN_LENGTH, 0xff, setup())),
    INVALID,
    INVALID_SETUP,
  ],
  ['metadata beyond the end', with8(4, 0x05, setup()), INVALID, INVALID_SETUP],
];

/** What a peer can do before it is let in. */
export function entranceAttacks(attack: DefineAttack): void {
  attack('says nothing', {}, async (target) => {
    await target.attack();
    await target.advance(10_000);
    await target.assertEnded('ERR_FLYSOCKET_SETUP_TIMEOUT');
  });

  attack('says everything but what begins a connection', { maxInboundFrameLength: 200_000 }, async (target) => {
    for (const [what, frame, code, errorCode] of wrongBeginnings) {
      const attacker = await target.attack();
      attacker.send(frame);
      await attacker.untilEnded();
      await target.assertEnded(code);
      assert.is(attacker.errorOn(0), errorCode, what);
    }
  });

  attack('says all sorts of things while it is decided on: maxHeldBytes', { maxHeldBytes: 100_000 }, async (target) => {
    const attacker = await target.attack();
    attacker.send(setup({ dataMimeType: 'text/undecided' }));
    await attacker.flood(10_000, (i) => [requestResponse(2 * i + 1)]);
    await target.assertEnded('ERR_FLYSOCKET_HELD_FULL');
    assert.ok(target.pooledBytes < 4_000_000, `${target.pooledBytes} bytes are pooled`);
  });

  attack('waits for a decision that does not come: acceptTimeoutMs', {}, async (target) => {
    const attacker = await target.attack();
    attacker.send(setup({ dataMimeType: 'text/undecided' }), requestResponse(1));
    await target.advance(10_000);
    await target.assertEnded('ERR_FLYSOCKET_REJECTED_SETUP');
  });

  attack('is let in and then silent, for as long as its SETUP says', {}, async (target) => {
    await target.enter(requestResponse(1));
    await target.advance(6_000);
    await target.assertEnded('ERR_FLYSOCKET_PEER_SILENT');
  });

  attack('would like to be silent for ever: maxLifetimeMs of the server', { maxLifetimeMs: 4_000 }, async (target) => {
    const attacker = await target.attack();
    attacker.send(setup({ keepAliveIntervalMs: 0x7fffffff, maxLifetimeMs: 0x7fffffff }), requestResponse(1));
    await attacker.untilAnswered(1);
    await target.advance(6_000);
    await target.assertEnded('ERR_FLYSOCKET_PEER_SILENT');
  });

  attack('says SETUP again, and RESUME', {}, async (target) => {
    const attacker = await target.enter(setup(), requestResponse(1));
    await attacker.untilAnswered(1);
    attacker.send(resume);
    await target.assertEnded('ERR_FLYSOCKET_RESUME');
  });

  attack('has a SETUP of a megabyte', {}, async (target) => {
    const attacker = await target.attack();
    const large = new Uint8Array(1_000_000);
    large.set(attacker.bytesOf(setup()));
    attacker.sendFrame(large);
    attacker.send(requestResponse(1));
    await attacker.untilAnswered(1);
  });
}
