import fc from 'fast-check';
import {
  decodePayload,
  encodePayload,
  encodeRequestChannel,
  encodeRequestResponse,
  validateFrame,
} from 'flysocket/codec';
import {
  DirectBuffer,
  ErrorCode,
  FrameFlag,
  FrameHeaderFlyweight,
  FrameType,
  PayloadFlyweight,
  RSocketError,
} from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { throwsCode } from '../pool/throwsCode.ts';
import { suite } from '../support/suite.ts';
import { bytesOf, frameVectors, typeOf } from '../vectors/frameVectors.ts';
import { contentsOf, pattern, payloadOf } from './payloads.ts';

const test = suite('decode');

const WITH_BODY: readonly number[] = [
  FrameType.REQUEST_RESPONSE,
  FrameType.REQUEST_FNF,
  FrameType.REQUEST_STREAM,
  FrameType.REQUEST_CHANNEL,
  FrameType.PAYLOAD,
];

function fromHex(hex: string): DirectBuffer {
  return new DirectBuffer(Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex')));
}

/** What a frame amounts to: what it decodes to, or the error it is refused with. Any other error fails the test. */
function outcome(buffer: DirectBuffer, offset: number, length: number): string {
  try {
    const handled = validateFrame(buffer, offset, length);
    const payload = new PayloadFlyweight();
    if (!handled || !WITH_BODY.includes(FrameHeaderFlyweight.type(buffer, offset))) return String(handled);
    decodePayload(buffer, offset, length, payload);
    return JSON.stringify(contentsOf(payload));
  } catch (error) {
    if (error instanceof RSocketError) return `${error.code} ${error.errorCode}`;
    throw error;
  }
}

/**
 * The outcome, which must be the same in memory that ends with the frame, where reading on throws, as between bytes of
 * two kinds, where reading on would show.
 */
function guardedOutcome(frame: Uint8Array): string {
  const alone = outcome(new DirectBuffer(frame.slice()), 0, frame.length);
  for (const canary of [0x00, 0xff]) {
    const buffer = new DirectBuffer(new Uint8Array(frame.length + 32).fill(canary));
    buffer.putBytes(13, frame);
    assert.is(outcome(buffer, 13, frame.length), alone, `between bytes of ${canary}`);
  }
  return alone;
}

test('accepts every golden frame, and shows its payload over the very bytes', () => {
  for (const vector of frameVectors) {
    const bytes = bytesOf(vector);
    const buffer = new DirectBuffer(bytes);
    if (((bytes[0] as number) & 0x80) !== 0) {
      assert.throws(
        () => validateFrame(buffer, 0, bytes.length),
        (error: RSocketError) => error.code === 'ERR_FLYSOCKET_STREAM_ID',
      );
      continue;
    }
    const ignored = vector.type === 'CANCEL' && vector.streamId === 0;
    assert.is(validateFrame(buffer, 0, bytes.length), !ignored, vector.name);
    if (!WITH_BODY.includes(typeOf(vector))) continue;
    const payload = new PayloadFlyweight();
    decodePayload(buffer, 0, bytes.length, payload);
    assert.is(payload.dataUtf8(), vector.fields['data'], vector.name);
    assert.is(payload.metadataUtf8() ?? null, vector.fields['metadata'], vector.name);
    assert.is(payload.dataBuffer, buffer);
  }
});

test('every proper beginning of a golden frame is a frame of its own or refused, and nothing after it is read', () => {
  for (const vector of frameVectors) {
    const bytes = bytesOf(vector);
    for (let length = 0; length < bytes.length; length++) guardedOutcome(bytes.subarray(0, length));
  }
});

test('refuses what is shorter than the fields of its type', () => {
  const fixed: [number, number][] = [
    [FrameType.LEASE, 14],
    [FrameType.KEEPALIVE, 14],
    [FrameType.REQUEST_STREAM, 10],
    [FrameType.REQUEST_CHANNEL, 10],
    [FrameType.REQUEST_N, 10],
    [FrameType.ERROR, 10],
    [FrameType.RESUME_OK, 14],
    [FrameType.EXT, 10],
    [FrameType.RESUME, 28],
  ];
  for (const [type, minLength] of fixed) {
    const buffer = new DirectBuffer(new ArrayBuffer(64));
    FrameHeaderFlyweight.encode(buffer, 0, 0, type, 0);
    for (const length of [0, 5, 6, minLength - 1]) {
      throwsCode(() => validateFrame(buffer, 0, length), 'ERR_FLYSOCKET_FRAME_TOO_SHORT');
    }
  }
});

const REFUSED: [string, string, string, number][] = [
  ['metadata longer than the frame', '00000001 1100 000003 6d64', 'ERR_FLYSOCKET_METADATA_LENGTH', 0x101],
  ['no room for the metadata length', '00000001 1100 0000', 'ERR_FLYSOCKET_METADATA_LENGTH', 0x101],
  ['metadata length of a stream', '00000001 1900 00000001 ffffff', 'ERR_FLYSOCKET_METADATA_LENGTH', 0x101],
  ['initialRequestN of 0', '00000001 1800 00000000', 'ERR_FLYSOCKET_INITIAL_REQUEST_N', ErrorCode.INVALID],
  ['initialRequestN of 0, top bit set', '00000001 1c00 80000000', 'ERR_FLYSOCKET_INITIAL_REQUEST_N', ErrorCode.INVALID],
  ['a request on stream 0', '00000000 1000', 'ERR_FLYSOCKET_STREAM_ID', 0x101],
  ['a request on stream 0, reserved bit set', '80000000 1000', 'ERR_FLYSOCKET_STREAM_ID', 0x101],
  ['KEEPALIVE on a stream', '00000001 0c00 0000000000000000', 'ERR_FLYSOCKET_STREAM_ID', 0x101],
  ['an unknown type', '00000001 3c00', 'ERR_FLYSOCKET_FRAME_TYPE', 0x101],
  ['type 0', '00000000 0000', 'ERR_FLYSOCKET_FRAME_TYPE', 0x101],
  [
    'SETUP on a stream',
    '00000001 0400 0001 0000 00000001 00000001 00 00',
    'ERR_FLYSOCKET_STREAM_ID',
    ErrorCode.INVALID_SETUP,
  ],
  [
    'SETUP whose token reaches beyond it',
    '00000000 0480 0001 0000 00000001 00000001 0001 61 00',
    'ERR_FLYSOCKET_FRAME_TOO_SHORT',
    ErrorCode.INVALID_SETUP,
  ],
  [
    'SETUP whose MIME type reaches beyond it',
    '00000000 0400 0001 0000 00000001 00000001 00 05 61',
    'ERR_FLYSOCKET_FRAME_TOO_SHORT',
    ErrorCode.INVALID_SETUP,
  ],
  [
    'SETUP whose metadata reaches beyond it',
    '00000000 0500 0001 0000 00000001 00000001 00 00 000001',
    'ERR_FLYSOCKET_METADATA_LENGTH',
    ErrorCode.INVALID_SETUP,
  ],
  [
    'RESUME whose token reaches beyond it',
    '00000000 3400 0001 0000 0001 0000000000000000 0000000000000000',
    'ERR_FLYSOCKET_FRAME_TOO_SHORT',
    0x101,
  ],
];

for (const [what, hex, code, errorCode] of REFUSED) {
  test(`refuses ${what}`, () => {
    const frame = fromHex(hex);
    throwsCode(() => validateFrame(frame, 0, frame.capacity), code);
    assert.is(guardedOutcome(frame.bytes), `${code} ${errorCode}`);
  });
}

test('refuses a frame that no length field can say', () => {
  const buffer = new DirectBuffer(new ArrayBuffer(2 ** 24));
  FrameHeaderFlyweight.encode(buffer, 0, 1, FrameType.PAYLOAD, FrameFlag.NEXT);
  assert.ok(validateFrame(buffer, 0, 2 ** 24 - 1));
  throwsCode(() => validateFrame(buffer, 0, 2 ** 24), 'ERR_FLYSOCKET_FRAME_TOO_LONG');
});

const IGNORED: [string, string][] = [
  ['an unknown type with I', '00000001 3e00'],
  ['a false metadata length with I', '00000001 1300 000003 6d64'],
  ['REQUEST_N of 0', '00000001 2000 00000000'],
  ['REQUEST_N on stream 0', '00000000 2000 00000001'],
  ['CANCEL on stream 0', '00000000 2400'],
  ['PAYLOAD on stream 0', '00000000 2820'],
  ['METADATA_PUSH on a stream', '00000001 3100 6d'],
];

for (const [what, hex] of IGNORED) {
  test(`tells to ignore ${what}`, () => {
    assert.is(guardedOutcome(fromHex(hex).bytes), 'false');
  });
}

test('decodePayload alone refuses what would lead it out of the frame, and leaves the payload as it was', () => {
  const payload = payloadOf('before', 'before');
  const before = contentsOf(payload);
  for (const hex of ['', '00000001 10', '00000001 1800 000000', '00000001 1100 0000', '00000001 2920 000001']) {
    const frame = fromHex(hex);
    assert.throws(
      () => decodePayload(frame, 0, frame.capacity, payload),
      (error: unknown) => error instanceof RSocketError,
    );
    assert.equal(contentsOf(payload), before);
  }
});

test('random bytes are refused or decoded, never read beyond', () => {
  const header = fc.record({
    streamId: fc.constantFrom(0, 1, 2, 0x7fffffff),
    type: fc.integer({ min: 0, max: 63 }),
    flags: fc.integer({ min: 0, max: 1023 }),
    rest: fc.uint8Array({ maxLength: 48 }),
  });
  const likely = header.map(({ streamId, type, flags, rest }) => {
    const buffer = new DirectBuffer(new Uint8Array(6 + rest.length));
    FrameHeaderFlyweight.encode(buffer, 0, streamId, type, flags);
    buffer.putBytes(6, rest);
    return buffer.bytes;
  });
  const frames = fc.oneof(likely, fc.uint8Array({ maxLength: 64 }));
  fc.assert(
    fc.property(frames, (frame) => {
      guardedOutcome(frame);
    }),
    { numRuns: 20_000, interruptAfterTimeLimit: 3000 },
  );
});

test('what is encoded is decoded, at any place and of any size', () => {
  const part = fc.oneof(fc.constant(undefined), fc.nat(40), fc.nat(700), fc.nat(9000));
  fc.assert(
    fc.property(part, part, fc.nat(15), fc.boolean(), (metadata, data, offset, shared) => {
      const sent = payloadOf(
        metadata === undefined ? undefined : pattern(metadata, 1),
        data === undefined ? undefined : pattern(data, 2),
      );
      const Memory = shared ? SharedArrayBuffer : ArrayBuffer;
      const buffer = new DirectBuffer(new Memory(20_000));
      const lengths = [
        (at: number) => encodeRequestResponse(buffer, at, 1, sent),
        (at: number) => encodeRequestChannel(buffer, at, 1, 7, true, sent),
        (at: number) => encodePayload(buffer, at, 1, FrameFlag.NEXT, sent),
      ].map((encode) => {
        const length = encode(offset);
        const received = new PayloadFlyweight();
        assert.ok(validateFrame(buffer, offset, length));
        decodePayload(buffer, offset, length, received);
        assert.equal(contentsOf(received), contentsOf(sent));
        return length;
      });
      assert.is(lengths[1], (lengths[0] as number) + 4);
    }),
    { numRuns: 300, interruptAfterTimeLimit: 3000 },
  );
});

test.run();
