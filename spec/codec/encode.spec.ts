import * as codec from 'flysocket/codec';
import { DirectBuffer, FrameFlag, FrameType } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { throwsCode } from '../pool/throwsCode.ts';
import { suite } from '../support/suite.ts';
import { type FrameVector, frameVectors } from '../vectors/frameVectors.ts';
import { encodeVector } from './encodeVector.ts';
import { frameHex, pattern, payloadOf } from './payloads.ts';

const test = suite('encode');

const OFFSET = 5;
const CANARY = 0xa5;
const written = frameVectors.filter(({ oddity, flags }) => oddity === undefined && !flags.includes('FOLLOWS'));

function canaried(): DirectBuffer {
  const buffer = new DirectBuffer(new SharedArrayBuffer(512));
  buffer.bytes.fill(CANARY);
  return buffer;
}

function check(vector: FrameVector): void {
  const expected = vector.hex.replaceAll(' ', '');
  const buffer = canaried();
  const [predicted, length] = encodeVector(vector, buffer, OFFSET);
  assert.is(frameHex(buffer, OFFSET, length), expected, vector.name);
  assert.is(predicted, length, `${vector.name}: predicted length`);
  const outside = [...buffer.bytes].filter((byte, i) => (i < OFFSET || i >= OFFSET + length) && byte !== CANARY);
  assert.is(outside.length, 0, `${vector.name}: wrote outside`);
}

test('writes every golden frame to the bit, and nothing around it', () => {
  assert.ok(written.length > 40, `${written.length} vectors`);
  for (const vector of written) check(vector);
});

test('writes frames back to back', () => {
  const buffer = new DirectBuffer(new ArrayBuffer(8192));
  let at = 0;
  for (const vector of written) at += encodeVector(vector, buffer, at)[1];
  assert.is(frameHex(buffer, 0, at), written.map(({ hex }) => hex.replaceAll(' ', '')).join(''));
});

test('literal bytes: PAYLOAD that only completes', () => {
  const buffer = canaried();
  assert.is(codec.encodePayloadComplete(buffer, 0, 0x01020304), codec.lengthOfPayloadComplete());
  assert.is(frameHex(buffer, 0, 7), '010203042840a5');
});

test('a message that is not well-formed UTF-16 is sent with U+FFFD, and measured so', () => {
  for (const message of ['', 'plain', 'é€😀', '\ud800', 'a\udc00b', '\ud83d\ud83d\ude00', '😀'.repeat(40)]) {
    const expected = new TextEncoder().encode(message);
    const buffer = canaried();
    const length = codec.encodeError(buffer, 0, 1, 0x201, message);
    assert.is(length, 10 + expected.length);
    assert.is(codec.lengthOfError(message), length);
    assert.equal(buffer.copyOf(10, expected.length), expected);
  }
});

test('refuses a SETUP that its length fields cannot say', () => {
  const options = { keepAliveIntervalMs: 1, maxLifetimeMs: 1, metadataMimeType: 'a/b', dataMimeType: 'a/b' };
  const none = payloadOf(undefined, undefined);
  const long = 'x'.repeat(256);
  throwsCode(() => codec.lengthOfSetup({ ...options, metadataMimeType: long }, none), 'ERR_FLYSOCKET_MIME_TYPE');
  throwsCode(() => codec.lengthOfSetup({ ...options, dataMimeType: 'é' }, none), 'ERR_FLYSOCKET_MIME_TYPE');
  const resumeToken = new Uint8Array(65_536);
  throwsCode(() => codec.lengthOfSetup({ ...options, resumeToken }, none), 'ERR_FLYSOCKET_RESUME_TOKEN');
  assert.is(codec.lengthOfSetup({ ...options, dataMimeType: long.slice(1) }, none), 20 + 3 + 255);
});

test('never writes beyond the buffer', () => {
  const payload = payloadOf('m', pattern(600));
  const buffer = new DirectBuffer(new ArrayBuffer(512));
  throwsCode(() => codec.encodePayload(buffer, 0, 1, FrameFlag.NEXT, payload), 'ERR_FLYSOCKET_OUT_OF_BOUNDS');
});

test('alignmentOf puts the larger part congruent with its source', () => {
  const memory = new ArrayBuffer(256);
  const buffer = new DirectBuffer(memory, 8);
  for (let place = 0; place < 8; place++) {
    for (const type of [FrameType.REQUEST_RESPONSE, FrameType.REQUEST_CHANNEL, FrameType.PAYLOAD]) {
      const fixed = type === FrameType.REQUEST_CHANNEL ? 10 : 6;
      const dataHeavy = payloadOf('abc', 'x').wrapData(buffer, place, 40);
      const data = codec.alignmentOf(type, dataHeavy) + fixed + 3 + 3;
      assert.is((data - place) & 7, 0, `data at ${place}`);
      const bare = payloadOf(undefined, 'x').wrapData(buffer, place, 40);
      assert.is((codec.alignmentOf(type, bare) + fixed - place) & 7, 0, `data without metadata at ${place}`);
      const metadataHeavy = payloadOf('abc', 'x').wrapMetadata(buffer, place, 40);
      const metadata = codec.alignmentOf(type, metadataHeavy) + fixed + 3;
      assert.is((metadata - place) & 7, 0, `metadata at ${place}`);
    }
  }
});

test.run();
