import { DirectBuffer } from 'flysocket/flyweight';
import * as metadata from 'flysocket/metadata';
import * as assert from 'uvu/assert';
import { bytesPerOp } from '../support/bytesPerOp.ts';
import { suite } from '../support/suite.ts';

const test = suite('metadata allocates nothing');

const BYTES_PER_OP_LIMIT = 1;
const plain = new DirectBuffer(new ArrayBuffer(4096));
const shared = new DirectBuffer(new SharedArrayBuffer(4096));
const TRACING: metadata.Tracing = {
  sampling: 'sampled',
  traceId: '463ac35c9f6413ad48485a3926e1abcd',
  spanId: '00000000000000a2',
  parentId: '00000000000000a1',
};
const JSON_ID = metadata.idOfMimeType(metadata.APPLICATION_JSON);
const routeBytes = new TextEncoder().encode('flights.näher');
/** Keeps what is read in use, without a heap number of its own. */
const sink = new Float64Array(1);

/** Composite metadata with an entry of each kind, in place; its length. */
function encodeAll(buffer: DirectBuffer, offset: number): number {
  const {
    MESSAGE_RSOCKET_ROUTING: routing,
    MESSAGE_RSOCKET_AUTHENTICATION: authentication,
    MESSAGE_RSOCKET_ACCEPT_MIMETYPES: accept,
    MESSAGE_RSOCKET_TRACING_ZIPKIN: tracing,
  } = metadata;
  let at = offset;
  at += metadata.encodeCompositeEntryHeader(buffer, at, 'x/custom', 2);
  buffer.putUint16(at, 7);
  at += 2;
  const tags = metadata.lengthOfTag('flights.näher') + metadata.lengthOfTag('eu');
  at += metadata.encodeCompositeEntryHeader(buffer, at, routing, tags);
  at += metadata.encodeTag(buffer, at, 'flights.näher');
  at += metadata.encodeTag(buffer, at, 'eu');
  const simple = metadata.lengthOfSimpleAuthentication('me', 'secret');
  at += metadata.encodeCompositeEntryHeader(buffer, at, authentication, simple);
  at += metadata.encodeSimpleAuthentication(buffer, at, 'me', 'secret');
  const bearer = metadata.lengthOfBearerAuthentication('token');
  at += metadata.encodeCompositeEntryHeader(buffer, at, authentication, bearer);
  at += metadata.encodeBearerAuthentication(buffer, at, 'token');
  const types = metadata.lengthOfMimeType(JSON_ID) + metadata.lengthOfMimeType('a/b');
  at += metadata.encodeCompositeEntryHeader(buffer, at, accept, types);
  at += metadata.encodeMimeType(buffer, at, JSON_ID);
  at += metadata.encodeMimeType(buffer, at, 'a/b');
  at += metadata.encodeCompositeEntryHeader(buffer, at, tracing, metadata.lengthOfTracing(TRACING));
  at += metadata.encodeTracing(buffer, at, TRACING);
  return at - offset;
}

const views = {
  composite: new metadata.CompositeMetadataFlyweight(),
  routing: new metadata.RoutingFlyweight(),
  authentication: new metadata.AuthenticationFlyweight(),
  mimeTypes: new metadata.MimeTypesFlyweight(),
  tracing: new metadata.TracingFlyweight(),
};

/** Reads each entry with its flyweight; a sum over what there is, the same for all metadata of `encodeAll`. */
function readAll(buffer: DirectBuffer, offset: number, length: number): number {
  const { composite, routing, authentication, mimeTypes, tracing } = views;
  let sum = 0;
  composite.wrap(buffer, offset, length);
  while (composite.next()) {
    const { contentOffset, contentLength } = composite;
    if (composite.isMimeType(metadata.MESSAGE_RSOCKET_ROUTING)) {
      routing.wrap(buffer, contentOffset, contentLength);
      if (routing.routeEquals('flights.näher') && routing.routeEquals(routeBytes)) sum += 1;
      while (routing.next()) if (routing.tagEquals('eu')) sum += 2;
    } else if (composite.isMimeType(metadata.MESSAGE_RSOCKET_AUTHENTICATION)) {
      authentication.wrap(buffer, contentOffset, contentLength);
      sum += authentication.isSimple ? authentication.passwordLength : authentication.payloadLength;
    } else if (composite.isMimeType(metadata.MESSAGE_RSOCKET_ACCEPT_MIMETYPES)) {
      mimeTypes.wrap(buffer, contentOffset, contentLength);
      if (mimeTypes.includes(metadata.APPLICATION_JSON) && mimeTypes.includes('a/b')) sum += 100;
    } else if (composite.isMimeType(metadata.MESSAGE_RSOCKET_TRACING_ZIPKIN)) {
      tracing.wrap(buffer, contentOffset, contentLength);
      if (tracing.hasParentId && tracing.sampling === 'sampled') sum += tracing.parentIdOffset - contentOffset;
    }
  }
  if (composite.find(metadata.MESSAGE_RSOCKET_ROUTING)) sum += 1000;
  if (composite.find('x/custom')) sum += 2000;
  if (composite.find(JSON_ID)) sum += 4000;
  return sum;
}

/** The route, the tag, 6 of the password, 5 of the token, both types, the parent's id at 25, two finds. */
const SUM_OF_ALL = 1 + 2 + 6 + 5 + 100 + 25 + 1000 + 2000;

test('what is measured reads what was written', () => {
  for (const buffer of [plain, shared]) assert.is(readAll(buffer, 5, encodeAll(buffer, 5)), SUM_OF_ALL);
});

test('writing every kind of entry in place', () => {
  const bytes = bytesPerOp(
    (operations) => {
      for (let i = 0; i < operations; i++) sink[0] = encodeAll((i & 1) === 0 ? shared : plain, i & 7);
    },
    { operations: 20_000, rounds: 5 },
  );
  assert.ok(bytes < BYTES_PER_OP_LIMIT, `${bytes} bytes`);
});

test('reading every kind of entry in place', () => {
  const length = encodeAll(plain, 0);
  encodeAll(shared, 0);
  const bytes = bytesPerOp(
    (operations) => {
      for (let i = 0; i < operations; i++) sink[0] = readAll((i & 1) === 0 ? shared : plain, 0, length);
    },
    { operations: 20_000, rounds: 5 },
  );
  assert.ok(bytes < BYTES_PER_OP_LIMIT, `${bytes} bytes`);
});

test('a builder that is used again, into a place', () => {
  const builder = metadata.compositeMetadata();
  const bytes = bytesPerOp(
    (operations) => {
      for (let i = 0; i < operations; i++) {
        builder.clear().bearer('token').simple('me', 'secret').mimeType('a/b').tracing(TRACING).add(JSON_ID, '{}');
        sink[0] = builder.encode(shared, i & 7);
      }
    },
    { operations: 20_000, rounds: 5 },
  );
  assert.ok(bytes < BYTES_PER_OP_LIMIT, `${bytes} bytes`);
});

test.run();
