import fc from 'fast-check';
import { DirectBuffer } from 'flysocket/flyweight';
import { encodeTag, lengthOfTag, MAX_TAG_LENGTH, NO_ROUTE, RoutingFlyweight } from 'flysocket/metadata';
import * as assert from 'uvu/assert';
import { throwsCode } from '../pool/throwsCode.ts';
import { suite } from '../support/suite.ts';
import { hexFromBytes } from '../vectors/metadataVectors.ts';

const test = suite('RoutingFlyweight');

const encoder = new TextEncoder();

const buffer = new DirectBuffer(new ArrayBuffer(2048));

/** Tags, written in place at an odd offset, over those of the call before. */
function routing(...tags: string[]): RoutingFlyweight {
  let at = 3;
  for (const tag of tags) at += encodeTag(buffer, at, tag);
  return new RoutingFlyweight().wrap(buffer, 3, at - 3);
}

test('the first tag is the route, wherever the cursor stands', () => {
  const view = routing('a.b', '', 'ü');
  for (const expected of ['a.b', '', 'ü']) {
    assert.is(view.routeUtf8(), 'a.b');
    assert.ok(view.routeEquals('a.b'));
    assert.ok(view.next());
    assert.is(view.tagUtf8(), expected);
    assert.ok(view.tagEquals(expected));
    assert.ok(view.tagEquals(encoder.encode(expected)));
  }
  assert.not.ok(view.next());
  assert.equal([view.routeOffset, view.routeLength, view.tagLength], [4, 3, 0]);
  assert.ok(view.rewind().next());
  assert.is(view.tagUtf8(), 'a.b');
});

test('without a tag there is no route, which is not the empty one', () => {
  assert.is(routing().routeUtf8(), undefined);
  assert.is(routing().routeLength, NO_ROUTE);
  assert.not.ok(routing().routeEquals(''));
  assert.not.ok(routing().next());
  assert.is(routing('').routeUtf8(), '');
  assert.ok(routing('').routeEquals(''));
  assert.ok(routing('').routeEquals(new Uint8Array(0)));
});

test('equals its own route, as text or bytes, and no other', () => {
  const view = routing('flights.near');
  for (const other of ['flights.neat', 'flights.nea', 'flights.near ', '', 'Flights.near', '__proto__']) {
    assert.not.ok(view.routeEquals(other), other);
    assert.not.ok(view.routeEquals(encoder.encode(other)), other);
  }
});

test('text of any kind is written, read and compared as the encoder of the platform has it', () => {
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ unit: 'grapheme', maxLength: 40 }));
  const loose = fc
    .array(fc.constantFrom(0x61, 0xd800, 0xdfff, 0xdbff, 0xdc00, 0xfeff, 0x7ff, 0x800), { maxLength: 12 })
    .map((units) => String.fromCharCode(...units));
  fc.assert(
    fc.property(fc.oneof(text, loose), fc.oneof(text, loose), (route, other) => {
      const bytes = encoder.encode(route);
      if (bytes.length > MAX_TAG_LENGTH) return;
      assert.is(lengthOfTag(route), 1 + bytes.length);
      const view = routing(route);
      assert.is(hexFromBytes(view.bytes.subarray(view.routeOffset, 4 + view.routeLength)), hexFromBytes(bytes));
      assert.is(view.routeUtf8(), route.toWellFormed());
      assert.ok(view.routeEquals(route));
      assert.ok(view.routeEquals(bytes));
      assert.is(view.routeEquals(other), other.toWellFormed() === route.toWellFormed());
    }),
    { numRuns: 500 },
  );
});

test('malformed UTF-8 equals no text but its bytes', () => {
  const view = new RoutingFlyweight().wrapBytes(Uint8Array.of(1, 0xff));
  assert.is(view.routeUtf8(), '\ufffd');
  assert.not.ok(view.routeEquals('\ufffd'));
  assert.ok(view.routeEquals(Uint8Array.of(0xff)));
});

test('a tag has at most 255 bytes, not characters', () => {
  assert.is(lengthOfTag('a'.repeat(255)), 256);
  assert.ok(routing('ä'.repeat(127)).routeEquals('ä'.repeat(127)));
  for (const tag of ['a'.repeat(256), 'ä'.repeat(128)]) {
    buffer.bytes.fill(0);
    throwsCode(() => lengthOfTag(tag), 'ERR_FLYSOCKET_METADATA_TOO_LONG');
    throwsCode(() => encodeTag(buffer, 0, tag), 'ERR_FLYSOCKET_METADATA_TOO_LONG');
    assert.ok(buffer.bytes.every((byte) => byte === 0));
  }
});

test.run();
