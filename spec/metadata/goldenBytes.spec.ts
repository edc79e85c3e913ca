import { readFileSync } from 'node:fs';
import {
  acceptMimeTypesOf,
  authenticationOf,
  type CompositeMetadataBuilder,
  compositeMetadata,
  contentOf,
  dataMimeTypeOf,
  decodeCompositeMetadata,
  decodeRouting,
  MESSAGE_RSOCKET_ROUTING,
  routeOf,
  tracingOf,
} from 'flysocket/metadata';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { bytesFromHex, hexFromBytes, type MetadataVector, metadataVectors } from '../vectors/metadataVectors.ts';

const test = suite('golden metadata');

/** On the page. */
const EXAMPLES = 8;

function build(calls: NonNullable<MetadataVector['build']>): CompositeMetadataBuilder {
  const builder = compositeMetadata();
  for (const [method, ...args] of calls) {
    (builder[method] as (this: CompositeMetadataBuilder, ...args: unknown[]) => unknown).apply(builder, args);
  }
  return builder;
}

/** As JSON has it: what is undefined is left out or null, bytes are hexadecimal. */
function asJson(value: unknown): unknown {
  if (value === undefined) return null;
  return JSON.parse(
    JSON.stringify(value, (_, part) => (part instanceof Uint8Array ? hexFromBytes(part) : (part ?? null))),
  );
}

function withoutUndefined(value: object): unknown {
  return JSON.parse(JSON.stringify(value));
}

for (const vector of metadataVectors) {
  const bytes = bytesFromHex(vector.hex);

  test(`reads ${vector.name}`, () => {
    const entries = [...decodeCompositeMetadata(bytes)].map(({ mimeType, mimeTypeId, content }) => {
      assert.is(content.buffer, bytes.buffer, 'a view, not a copy');
      return [mimeType ?? null, mimeTypeId, hexFromBytes(content)];
    });
    assert.equal(entries, vector.entries);
    assert.is(routeOf(bytes), vector.route);
    assert.is(dataMimeTypeOf(bytes), vector.dataMimeType);
    assert.equal(acceptMimeTypesOf(bytes), vector.acceptMimeTypes ?? []);
    assert.equal(asJson(authenticationOf(bytes)), vector.authentication ?? null);
    const tracing = tracingOf(bytes);
    assert.equal(tracing && withoutUndefined(tracing), vector.tracing);
    const routing = contentOf(bytes, MESSAGE_RSOCKET_ROUTING);
    if (vector.tags !== undefined) assert.equal(decodeRouting(routing as Uint8Array), vector.tags);
  });

  if (vector.build === undefined) continue;
  test(`writes ${vector.name}`, () => {
    const builder = build(vector.build as NonNullable<MetadataVector['build']>);
    assert.is(hexFromBytes(builder.toBytes()), vector.hex.replaceAll(' ', ''));
    assert.is(builder.length, bytes.length);
  });
}

test('what is absent has no entries and no route', () => {
  assert.equal([...decodeCompositeMetadata(undefined)], []);
  assert.is(routeOf(undefined), undefined);
  assert.is(authenticationOf(undefined), undefined);
  assert.is(dataMimeTypeOf(undefined), undefined);
  assert.is(tracingOf(undefined), undefined);
  assert.equal(acceptMimeTypesOf(undefined), []);
});

test("the page's examples are golden", () => {
  const page = readFileSync('docs/wire/metadata.md', 'utf8');
  const examples = [...page.matchAll(/^ *(?:example|and)? +((?:[0-9a-f]{2,}(?: \| )?)+)$/gm)].map(([, hex]) =>
    (hex as string).replaceAll(' | ', ' '),
  );
  assert.is(examples.length, EXAMPLES);
  const golden = new Set(metadataVectors.map(({ hex }) => hex));
  const unknown = examples.filter((hex) => !golden.has(hex));
  assert.equal(unknown, []);
});

test.run();
