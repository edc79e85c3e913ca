import fc from 'fast-check';
import { AuthenticationFlyweight, CompositeMetadataFlyweight, RoutingFlyweight } from 'flysocket/metadata';
import * as assert from 'uvu/assert';
import { throwsCode } from '../pool/throwsCode.ts';
import { suite } from '../support/suite.ts';
import { bytesFromHex, metadataVectors } from '../vectors/metadataVectors.ts';
import { outcomeOf, READERS, type Reader } from './outcomeOf.ts';

const test = suite('malformed metadata');

/** On the wire it is 0x204 INVALID. */
const MALFORMED = 'ERR_FLYSOCKET_METADATA_MALFORMED 516';
const RUNS = 2000;

const CUT_OFF: readonly (readonly [reader: string, what: string, hex: string])[] = [
  ['composite', 'a type by number and nothing more', 'fe'],
  ['composite', 'no length', 'fe 0000'],
  ['composite', 'less content than announced', 'fe 000002 61'],
  ['composite', 'the most content, and none there', 'fe ffffff'],
  ['composite', 'a name and nothing in it', '00'],
  ['composite', 'a name cut off', '7f 61'],
  ['composite', 'a name to the end', '00 61'],
  ['composite', 'a second entry cut off', '85 000000 85'],
  ['routing', 'a tag cut off', '02 61'],
  ['routing', 'a second tag cut off', '00 01'],
  ['authentication', 'nothing at all', ''],
  ['authentication', 'a name cut off', '03 6d746c'],
  ['authentication', 'no length of the username', '80'],
  ['authentication', 'half a length of the username', '80 00'],
  ['authentication', 'a username cut off', '80 0002 61'],
  ['authentication', 'the longest username, and none there', '80 ffff'],
  ['authentication', '"simple" by name, its username cut off', '05 73696d706c65 0001'],
  ['mimeTypes', 'a name cut off', '01 61'],
  ['mimeTypes', 'a second one cut off', '85 00'],
  ['tracing', 'nothing at all', ''],
  ['tracing', 'ids announced, and none there', '80'],
  ['tracing', 'half a span id', '80 0000000000000001 00000000'],
  ['tracing', 'no parent', '84 0000000000000001 0000000000000002'],
  ['tracing', 'a long trace id cut off', '88 0000000000000001 0000000000000002'],
];

for (const [name, what, hex] of CUT_OFF) {
  test(`${name}: ${what}`, () => {
    assert.is(outcomeOf(READERS[name] as Reader, bytesFromHex(hex)).at(-1), MALFORMED);
  });
}

test('every proper beginning of golden metadata is its first entries, or those and an error', () => {
  for (const { name, hex } of metadataVectors) {
    const bytes = bytesFromHex(hex);
    const whole = outcomeOf(READERS['composite'] as Reader, bytes).slice(0, -1);
    for (let length = 0; length < bytes.length; length++) {
      const seen = outcomeOf(READERS['composite'] as Reader, bytes.subarray(0, length));
      const ending = seen.pop();
      if (ending !== 'end') seen.pop();
      assert.equal(seen, whole.slice(0, seen.length), `${name}, ${length} bytes`);
      assert.ok(seen.length < whole.length, `${name}, ${length} bytes: all of it`);
      assert.ok(ending === 'end' || ending === MALFORMED, `${name}, ${length} bytes: ${ending}`);
    }
  }
});

test("every proper beginning of a golden entry's content is read within it, or refused", () => {
  for (const { entries } of metadataVectors) {
    for (const [, , content] of entries) {
      const bytes = bytesFromHex(content);
      for (const read of Object.values(READERS)) {
        for (let length = 0; length <= bytes.length; length++) outcomeOf(read, bytes.subarray(0, length));
      }
    }
  }
});

for (const [name, read] of Object.entries(READERS)) {
  test(`${name}: any bytes are read within their bounds, or refused by code`, () => {
    const head = fc.oneof(fc.constantFrom(0, 1, 2, 0x7f, 0x80, 0x81, 0x84, 0x88, 0xfe), fc.nat(255));
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.array(head, { maxLength: 40 }).map((list) => Uint8Array.from(list)),
    );
    fc.assert(
      fc.property(bytes, (metadata) => {
        const ending = outcomeOf(read, metadata).at(-1);
        assert.ok(ending === 'end' || ending === MALFORMED, String(ending));
      }),
      { numRuns: RUNS },
    );
  });
}

test('an error comes again, and shows nothing of what came before', () => {
  const view = new CompositeMetadataFlyweight().wrapBytes(bytesFromHex('85 000001 31 86 000002 31'));
  assert.ok(view.next());
  for (let i = 0; i < 2; i++) {
    throwsCode(() => view.next(), 'ERR_FLYSOCKET_METADATA_MALFORMED');
    assert.equal([view.mimeTypeId, view.contentLength, view.content().length], [-1, 0, 0]);
  }
  assert.not.ok(view.isMimeType(5));
  assert.ok(view.find('application/json'), 'what lies before can still be read');
  throwsCode(() => view.find('text/plain'), 'ERR_FLYSOCKET_METADATA_MALFORMED');
});

test('credentials of one request are not shown for the next, malformed one', () => {
  const view = new AuthenticationFlyweight().wrapBytes(bytesFromHex('80 0002 6d65 733363'));
  assert.is(view.usernameUtf8(), 'me');
  for (const hex of ['', '05', '80', '80 0003 6d65']) {
    throwsCode(() => view.wrapBytes(bytesFromHex(hex)), 'ERR_FLYSOCKET_METADATA_MALFORMED');
    assert.equal([view.usernameUtf8(), view.passwordUtf8(), view.payloadUtf8()], ['', '', '']);
    assert.equal([view.isSimple, view.isBearer, view.typeUtf8()], [false, false, undefined]);
  }
  const routing = new RoutingFlyweight().wrapBytes(bytesFromHex('01 61'));
  throwsCode(() => routing.wrapBytes(bytesFromHex('02 61')), 'ERR_FLYSOCKET_METADATA_MALFORMED');
  assert.is(routing.routeUtf8(), undefined);
});

test('a peer that changes a length after it was read leads nobody out', () => {
  const memory = new Uint8Array(new SharedArrayBuffer(16));
  memory.set(bytesFromHex('fe 000004 03 612e62 ffff'));
  const composite = new CompositeMetadataFlyweight().wrapBytes(memory, 0, 8);
  assert.ok(composite.next());
  const routing = new RoutingFlyweight().wrapBytes(memory, composite.contentOffset, composite.contentLength);
  memory[3] = 0xff;
  memory[4] = 0xff;
  assert.is(routing.routeUtf8(), 'a.b');
  assert.ok(routing.next());
  assert.is(routing.tagUtf8(), 'a.b');
  assert.not.ok(routing.next());
  assert.is(composite.content().length, 4);
  assert.not.ok(composite.next());
});

test('a region that does not lie within its memory is refused', () => {
  const bytes = new Uint8Array(8);
  for (const [offset, length] of [
    [0, 9],
    [9, 0],
    [-1, 1],
    [1, -2],
    [2 ** 32, 0],
    [0, 2 ** 32],
  ] as const) {
    const wrap = (): unknown => new CompositeMetadataFlyweight().wrapBytes(bytes, offset, length);
    throwsCode(wrap, 'ERR_FLYSOCKET_OUT_OF_BOUNDS');
  }
});

test.run();
