import fc from 'fast-check';
import { DirectBuffer } from 'flysocket/flyweight';
import {
  type Authentication,
  acceptMimeTypesOf,
  authenticationOf,
  type CompositeMetadataBuilder,
  compositeMetadata,
  decodeCompositeMetadata,
  idOfMimeType,
  MAX_ENTRY_CONTENT_LENGTH,
  MAX_TYPE_NAME_LENGTH,
  MAX_USERNAME_LENGTH,
  mimeTypeOfId,
  routeOf,
  type Tracing,
  tracingOf,
} from 'flysocket/metadata';
import * as assert from 'uvu/assert';
import { throwsCode } from '../pool/throwsCode.ts';
import { suite } from '../support/suite.ts';
import { hexFromBytes } from '../vectors/metadataVectors.ts';

const test = suite('CompositeMetadataBuilder');

const encoder = new TextEncoder();
const HEX = [...'0123456789abcdef'];

const nameOfType = fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: MAX_TYPE_NAME_LENGTH });
const mimeType = fc.oneof(fc.nat(0x7f), nameOfType, fc.constantFrom('application/json', '__proto__', 'a'));
const content = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.string({ unit: 'grapheme', maxLength: 40 }));
const digits = (length: number) => fc.string({ unit: fc.constantFrom(...HEX), minLength: length, maxLength: length });

test('any entries come back, in order, several of one type too', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(mimeType, content), { maxLength: 12 }), (entries) => {
      const builder = compositeMetadata();
      for (const entry of entries) builder.add(...entry);
      const read = [...decodeCompositeMetadata(builder.toBytes())].map((entry) => {
        return [entry.mimeType, entry.mimeTypeId, hexFromBytes(entry.content)];
      });
      const expected = entries.map(([type, bytes]) => {
        const name = typeof type === 'number' ? mimeTypeOfId(type) : type;
        const id = typeof type === 'number' ? type : idOfMimeType(type);
        return [name, id, hexFromBytes(typeof bytes === 'string' ? encoder.encode(bytes) : bytes)];
      });
      assert.equal(read, expected);
    }),
    { numRuns: 300 },
  );
});

test('credentials, traces and lists of types come back', () => {
  const tracing = fc.record<Tracing>({
    sampling: fc.constantFrom('undecided', 'not-sampled', 'sampled', 'debug'),
    traceId: fc.oneof(digits(16), digits(32)),
    spanId: digits(16),
    parentId: fc.option(digits(16), { nil: undefined }),
  });
  const text = fc.string({ unit: 'grapheme', maxLength: 60 });
  fc.assert(
    fc.property(text, text, tracing, fc.array(nameOfType, { maxLength: 5 }), (username, password, trace, types) => {
      const builder = compositeMetadata().tracing(trace).simple(username, password);
      const metadata = builder.acceptMimeTypes(...types).toBytes();
      assert.equal(authenticationOf(metadata), { type: 'simple', username, password } satisfies Authentication);
      assert.equal(tracingOf(metadata), { ...trace });
      assert.equal(acceptMimeTypesOf(metadata), types);
      const other = compositeMetadata().bearer(password).toBytes();
      assert.equal(authenticationOf(other), { type: 'bearer', token: password } satisfies Authentication);
    }),
    { numRuns: 300 },
  );
});

test('grows over any boundary, and what it gave out does not change', () => {
  const builder = compositeMetadata();
  const expected: number[] = [];
  for (let length = 0; length < 140; length++) {
    const before = builder.toBytes();
    builder.add(1, new Uint8Array(length).fill(length));
    expected.push(0x81, 0, 0, length, ...new Array<number>(length).fill(length));
    assert.equal([...builder.toBytes().subarray(0, before.length)], [...before]);
  }
  assert.equal([...builder.toBytes()], expected);
  assert.is(builder.length, expected.length);
});

test('cleared, it begins anew', () => {
  const builder = compositeMetadata().route('first').bearer('token');
  const first = builder.toBytes();
  assert.is(builder.clear().length, 0);
  assert.equal([...builder.toBytes()], []);
  assert.is(routeOf(builder.route('second').toBytes()), 'second');
  assert.is(routeOf(first), 'first');
});

test('writes into a place, and nothing beside it', () => {
  const builder = compositeMetadata().route('a.b').add('x/y', 'z');
  const buffer = new DirectBuffer(new Uint8Array(builder.length + 10).fill(0xa5));
  assert.is(builder.encode(buffer, 7), builder.length);
  const bytes = builder.toBytes();
  assert.equal([...buffer.bytes], [...new Array<number>(7).fill(0xa5), ...bytes, 0xa5, 0xa5, 0xa5]);
  throwsCode(() => builder.encode(buffer, 11), 'ERR_FLYSOCKET_OUT_OF_BOUNDS');
});

const REFUSED: readonly (readonly [string, string, (builder: CompositeMetadataBuilder) => unknown])[] = [
  ['a route that is too long', 'METADATA_TOO_LONG', (builder) => builder.route('a'.repeat(256))],
  ['a tag that is too long', 'METADATA_TOO_LONG', (builder) => builder.route('a', 'b'.repeat(256))],
  [
    'a username that is too long',
    'METADATA_TOO_LONG',
    (builder) => builder.simple('a'.repeat(MAX_USERNAME_LENGTH + 1), ''),
  ],
  [
    'content that is too long',
    'METADATA_TOO_LONG',
    (builder) => builder.add(1, new Uint8Array(MAX_ENTRY_CONTENT_LENGTH + 1)),
  ],
  ['a MIME type without a letter', 'METADATA_TYPE', (builder) => builder.add('', 'x')],
  ['a MIME type of 129 letters', 'METADATA_TYPE', (builder) => builder.add('a'.repeat(129), 'x')],
  ['a MIME type that is not ASCII', 'METADATA_TYPE', (builder) => builder.add('a/ä', 'x')],
  ['an id of more than 7 bits', 'METADATA_TYPE', (builder) => builder.add(128, 'x')],
  ['a negative id', 'METADATA_TYPE', (builder) => builder.add(-1, 'x')],
  ['half an id', 'METADATA_TYPE', (builder) => builder.mimeType(0.5)],
  ['one bad MIME type among good ones', 'METADATA_TYPE', (builder) => builder.acceptMimeTypes('a', '')],
  ['a way to authenticate without a name', 'METADATA_TYPE', (builder) => builder.authentication('', 'x')],
  ['a trace without a span', 'TRACE_ID', (builder) => builder.tracing({ traceId: '0'.repeat(16) })],
  ['a span without a trace', 'TRACE_ID', (builder) => builder.tracing({ spanId: '0'.repeat(16) })],
  ['a parent alone', 'TRACE_ID', (builder) => builder.tracing({ parentId: '0'.repeat(16) })],
  [
    'a trace id of 17 digits',
    'TRACE_ID',
    (builder) => builder.tracing({ traceId: '0'.repeat(17), spanId: '0'.repeat(16) }),
  ],
  [
    'a digit that is none',
    'TRACE_ID',
    (builder) => builder.tracing({ traceId: '0'.repeat(16), spanId: `${'0'.repeat(15)}g` }),
  ],
];

for (const [what, code, call] of REFUSED) {
  test(`refuses ${what}, and has added nothing`, () => {
    const builder = compositeMetadata().route('a.b');
    const before = hexFromBytes(builder.toBytes());
    throwsCode(() => call(builder), `ERR_FLYSOCKET_${code}`);
    assert.is(hexFromBytes(builder.toBytes()), before);
    assert.is(routeOf(builder.bearer('t').toBytes()), 'a.b');
  });
}

test('refuses content that is neither bytes nor text', () => {
  const call = (): unknown => compositeMetadata().add('a/b', 12 as unknown as string);
  assert.throws(call, (error: unknown) => error instanceof TypeError);
});

test('takes the longest of each', () => {
  const long = compositeMetadata().add('a'.repeat(MAX_TYPE_NAME_LENGTH), new Uint8Array(MAX_ENTRY_CONTENT_LENGTH));
  const [entry] = [...decodeCompositeMetadata(long.toBytes())];
  assert.is(entry?.content.length, MAX_ENTRY_CONTENT_LENGTH);
  assert.is(entry?.mimeType?.length, MAX_TYPE_NAME_LENGTH);
  const username = 'u'.repeat(MAX_USERNAME_LENGTH);
  const authentication = authenticationOf(compositeMetadata().simple(username, 'p').toBytes());
  assert.equal(authentication, { type: 'simple', username, password: 'p' });
});

test.run();
