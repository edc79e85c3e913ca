import { DirectBuffer, NO_METADATA } from 'flysocket/flyweight';
import * as metadata from 'flysocket/metadata';
import {
  APPLICATION_CBOR,
  APPLICATION_JSON,
  CompositeMetadataFlyweight,
  compositeMetadata,
  contentOf,
  idOfMimeType,
  MESSAGE_RSOCKET_AUTHENTICATION,
  MESSAGE_RSOCKET_ROUTING,
  mimeTypeOfId,
  NO_MIME_TYPE_ID,
} from 'flysocket/metadata';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { bytesFromHex } from '../vectors/metadataVectors.ts';

const test = suite('CompositeMetadataFlyweight');

const LAST_PLAIN_ID = 0x2a;
const FIRST_MESSAGE_ID = 0x7a;
const IDS = 0x80;

const decoder = new TextDecoder();

function textOf(view: CompositeMetadataFlyweight): string {
  return decoder.decode(view.content());
}

test('reads in place, wherever the region lies in its buffer', () => {
  const bytes = compositeMetadata().route('a.b').add('x/y', 'z').toBytes();
  const buffer = new DirectBuffer(new SharedArrayBuffer(64), 3);
  buffer.putBytes(5, bytes);
  const view = new CompositeMetadataFlyweight().wrap(buffer, 5, bytes.length);
  assert.ok(view.next());
  assert.equal([view.mimeTypeId, view.mimeTypeLength], [0x7e, 0]);
  assert.equal([view.contentOffset, view.contentLength], [9, 4]);
  assert.is(view.mimeTypeUtf8(), MESSAGE_RSOCKET_ROUTING);
  assert.is(view.content().buffer, buffer.buffer);
  assert.ok(view.next());
  assert.equal([view.mimeTypeId, view.mimeTypeOffset, view.mimeTypeLength], [NO_MIME_TYPE_ID, 14, 3]);
  assert.is(view.mimeTypeUtf8(), 'x/y');
  assert.is(buffer.getUtf8(view.contentOffset, view.contentLength), 'z');
  assert.not.ok(view.next());
  assert.not.ok(view.next());
  assert.ok(view.rewind().next());
  assert.is(view.mimeTypeId, 0x7e);
});

test('absent metadata reads as empty', () => {
  const view = new CompositeMetadataFlyweight().wrap(new DirectBuffer(new ArrayBuffer(8)), 0, NO_METADATA);
  assert.not.ok(view.next());
  assert.not.ok(view.find(MESSAGE_RSOCKET_ROUTING));
});

test('finds by name and by id, what was sent by either, from the start each time', () => {
  const spelled = bytesFromHex('0f 6170706c69636174696f6e2f6a736f6e 000001 32');
  const one = compositeMetadata().add(APPLICATION_JSON, '1').route('a').toBytes();
  const view = new CompositeMetadataFlyweight().wrapBytes(Uint8Array.from([...one, ...spelled]));
  for (const mimeType of [APPLICATION_JSON, 5]) {
    assert.ok(view.find(mimeType));
    assert.is(textOf(view), '1');
    assert.ok(view.findNext(mimeType));
    assert.is(textOf(view), '2');
    assert.is(view.mimeTypeId, NO_MIME_TYPE_ID);
    assert.ok(view.isMimeType(mimeType));
    assert.not.ok(view.findNext(mimeType));
  }
  assert.ok(view.find(MESSAGE_RSOCKET_ROUTING), 'also what lies before');
  assert.not.ok(view.find(MESSAGE_RSOCKET_AUTHENTICATION));
  assert.not.ok(view.find('application/jso'));
  assert.not.ok(view.find(''));
  assert.not.ok(view.find(NO_MIME_TYPE_ID));
});

test('stands on nothing before the first entry and behind the last', () => {
  const view = new CompositeMetadataFlyweight();
  const shows = (): unknown[] => [view.isMimeType(''), view.isMimeType(-1), view.mimeTypeUtf8(), view.content().length];
  assert.equal(shows(), [false, false, undefined, 0]);
  view.wrapBytes(compositeMetadata().add(APPLICATION_CBOR, 'abc').toBytes());
  assert.equal(shows(), [false, false, undefined, 0]);
  assert.ok(view.next());
  assert.not.ok(view.next());
  assert.equal(shows(), [false, false, undefined, 0]);
});

test('every well-known name has the id that the specification gives it, and every id its name', () => {
  const names = new Set<string>();
  for (let id = 0; id < IDS; id++) {
    const name = mimeTypeOfId(id);
    assert.is(name !== undefined, id <= LAST_PLAIN_ID || id >= FIRST_MESSAGE_ID, `id ${id}`);
    if (name === undefined) continue;
    assert.is(idOfMimeType(name), id);
    names.add(name);
  }
  const constants = Object.entries(metadata).filter(([, value]) => typeof value === 'string');
  assert.equal(new Set(constants.map(([, value]) => value)), names);
  const spotted = ['application/avro', 'audio/mpeg', 'text/plain', 'video/VP8', 'application/x-flatbuffers'];
  assert.equal(spotted.map(idOfMimeType), [0x00, 0x10, 0x21, 0x25, 0x2a]);
  const messages = ['mime-type', 'accept-mime-types', 'authentication', 'tracing-zipkin', 'routing'];
  const ids = messages.map((name) => idOfMimeType(`message/x.rsocket.${name}.v0`));
  assert.equal(ids, [0x7a, 0x7b, 0x7c, 0x7d, 0x7e]);
  assert.is(idOfMimeType('message/x.rsocket.composite-metadata.v0'), 0x7f);
});

test('names that objects have of themselves are no ids, and no one finds them', () => {
  for (const name of ['__proto__', 'constructor', 'toString', 'length', '']) {
    assert.is(idOfMimeType(name), NO_MIME_TYPE_ID);
    assert.is(contentOf(compositeMetadata().route('a').toBytes(), name), undefined);
  }
  for (const id of [-1, 43, 0x79, 0x80, 1.5, Number.NaN]) assert.is(mimeTypeOfId(id), undefined);
});

test.run();
