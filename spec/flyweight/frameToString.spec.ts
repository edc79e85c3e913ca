import { DirectBuffer, FrameType, frameToString } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { bytesOf, frameVectors } from '../vectors/frameVectors.ts';

const test = suite('frameToString');

const OFFSET = 9;
const SETUP =
  'SETUP{stream-id=0 flags=-MR- major-version=1 minor-version=0 keep-alive-interval-ms=20000 max-lifetime-ms=90000 ' +
  'resume-token-length=3 metadata-mime-type="a/b" data-mime-type="c/d" metadata-length=2 data-length=2}';
const RESUME =
  'RESUME{stream-id=0 flags=- major-version=1 minor-version=0 resume-token-length=3 ' +
  'last-received-server-position=42 first-available-client-position=7}';

const EXPECTED: Readonly<Record<string, string>> = {
  'SETUP with a resume token, metadata and data': SETUP,
  'LEASE with metadata': 'LEASE{stream-id=0 flags=-M time-to-live-ms=5000 number-of-requests=100 metadata-length=2}',
  'KEEPALIVE that asks for an answer': 'KEEPALIVE{stream-id=0 flags=--R last-received-position=42 data-length=1}',
  'REQUEST_RESPONSE with data only': 'REQUEST_RESPONSE{stream-id=3 flags=--- metadata-length=none data-length=5}',
  'REQUEST_FNF with empty metadata': 'REQUEST_FNF{stream-id=3 flags=-M- metadata-length=0 data-length=3}',
  'REQUEST_STREAM with metadata and data':
    'REQUEST_STREAM{stream-id=1 flags=-M- initial-request-n=16 metadata-length=1 data-length=1}',
  'REQUEST_CHANNEL that completes at once':
    'REQUEST_CHANNEL{stream-id=5 flags=---C initial-request-n=1 metadata-length=none data-length=3}',
  'REQUEST_N of 5': 'REQUEST_N{stream-id=1 flags=- request-n=5}',
  CANCEL: 'CANCEL{stream-id=1 flags=-}',
  'PAYLOAD, next and complete, with metadata and data':
    'PAYLOAD{stream-id=168496141 flags=-M-CN metadata-length=10 data-length=6}',
  'ERROR of a code above 0x80000000': 'ERROR{stream-id=7 flags=- error-code=0x80000001 data="high"}',
  METADATA_PUSH: 'METADATA_PUSH{stream-id=0 flags=-M metadata-length=2}',
  RESUME,
  RESUME_OK: 'RESUME_OK{stream-id=0 flags=- last-received-client-position=43}',
  'EXT to be ignored if not understood': 'EXT{stream-id=0 flags=I- extended-type=7 extended-data-length=2}',
};

function print(bytes: Uint8Array, length: number = bytes.length): string {
  const buffer = new DirectBuffer(new SharedArrayBuffer(OFFSET + bytes.length + OFFSET));
  buffer.bytes.fill(0xff);
  buffer.putBytes(OFFSET, bytes);
  return frameToString(buffer, OFFSET, length);
}

test('prints the fields of every type in wire order', () => {
  assert.is(Object.keys(EXPECTED).length, Object.keys(FrameType).length);
  for (const [name, expected] of Object.entries(EXPECTED)) {
    const vector = frameVectors.find((candidate) => candidate.name === name);
    assert.ok(vector, name);
    assert.is(print(bytesOf(vector)), expected);
  }
});

test('shows the beginning of a long error text, MOST_BYTES_SHOWN', () => {
  const bytes = Uint8Array.from([0, 0, 0, 1, 0x2c, 0, 0, 0, 2, 1, ...new Uint8Array(300).fill(0x78)]);
  const text = `ERROR{stream-id=1 flags=- error-code=0x00000201 data="${'x'.repeat(256)}"...(300 bytes)}`;
  assert.is(print(bytes), text);
});

test('prints the header of an unknown type', () => {
  assert.is(print(Uint8Array.of(0, 0, 0, 1, 0xaa, 0)), 'FRAME{stream-id=1 type=0x2a flags=I- length=6}');
});

test('says what is too short, and looks at no byte behind the frame', () => {
  assert.is(print(Uint8Array.of(0, 0, 0, 1, 0x24), 5), 'TOO_SHORT{length=5}');
  const requestN = Uint8Array.of(0, 0, 0, 1, 0x20, 0, 0, 0, 0, 5);
  const short = 'TOO_SHORT_FOR_ITS_TYPE: FRAME{stream-id=1 type=0x08 flags=-- length=9}';
  assert.is(print(requestN, 9), short);
});

test('takes every beginning of every frame', () => {
  for (const vector of frameVectors) {
    const bytes = bytesOf(vector);
    for (let length = 0; length < bytes.length; length++) assert.type(print(bytes, length), 'string');
  }
});

test.run();
