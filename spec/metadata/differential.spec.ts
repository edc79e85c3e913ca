import { createRequire } from 'node:module';
import fc from 'fast-check';
import { compositeMetadata, decodeCompositeMetadata, decodeRouting, idOfMimeType } from 'flysocket/metadata';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { hexFromBytes } from '../vectors/metadataVectors.ts';

/** What npm rsocket-core 0.0.27 has of composite metadata. */
interface OldCore {
  encodeCompositeMetadata(entries: readonly (readonly [string | number, Buffer])[]): Buffer;
  decodeCompositeMetadata(metadata: Buffer): Iterable<{ content: Buffer; mimeType?: string; type?: unknown }>;
  encodeRoutes(...tags: string[]): Buffer;
  decodeRoutes(content: Buffer): Iterable<string>;
  encodeSimpleAuthMetadata(username: string, password: string): Buffer;
  encodeBearerAuthMetadata(token: string): Buffer;
  encodeCustomAuthMetadata(type: string, payload: Buffer): Buffer;
}

const test = suite('metadata beside rsocket-core 0.0.27');

const old = createRequire(import.meta.url)('rsocket-core-0') as OldCore;
const RUNS = { numRuns: 300 };

/** Names without a number of their own: the other side sends a name as a name. */
const name = fc
  .string({ unit: fc.constantFrom(...'abz09/.+-'), minLength: 1, maxLength: 128 })
  .filter((text) => idOfMimeType(text) < 0);
const entries = fc.array(fc.tuple(fc.oneof(fc.nat(0x7f), name), fc.uint8Array({ maxLength: 300 })), { maxLength: 8 });
const text = fc.string({ unit: 'grapheme', maxLength: 40 });

test('entries are the same bytes', () => {
  fc.assert(
    fc.property(entries, (list) => {
      const ours = compositeMetadata();
      for (const [type, content] of list) ours.add(type, content);
      const theirs = old.encodeCompositeMetadata(list.map(([type, content]) => [type, Buffer.from(content)]));
      assert.is(hexFromBytes(ours.toBytes()), hexFromBytes(theirs));
      const readByThem = [...old.decodeCompositeMetadata(Buffer.from(ours.toBytes()))];
      const readByUs = [...decodeCompositeMetadata(theirs)];
      assert.equal(
        readByThem.map(({ content }) => hexFromBytes(content)),
        readByUs.map(({ content }) => hexFromBytes(content)),
      );
    }),
    RUNS,
  );
});

test('routes and credentials are the same bytes', () => {
  const content = (metadata: Uint8Array): string =>
    hexFromBytes([...decodeCompositeMetadata(metadata)][0]?.content as Uint8Array);
  fc.assert(
    fc.property(text, fc.array(text, { maxLength: 4 }), name, (first, tags, type) => {
      const routing = old.encodeRoutes(first, ...tags);
      assert.is(
        content(
          compositeMetadata()
            .route(first, ...tags)
            .toBytes(),
        ),
        hexFromBytes(routing),
      );
      assert.equal(decodeRouting(routing), [first, ...tags]);
      const simple = compositeMetadata().simple(first, tags.join()).toBytes();
      assert.is(content(simple), hexFromBytes(old.encodeSimpleAuthMetadata(first, tags.join())));
      const bearer = compositeMetadata().bearer(first).toBytes();
      assert.is(content(bearer), hexFromBytes(old.encodeBearerAuthMetadata(first)));
      const other = compositeMetadata().authentication(type, first).toBytes();
      assert.is(content(other), hexFromBytes(old.encodeCustomAuthMetadata(type, Buffer.from(first))));
    }),
    RUNS,
  );
});

test.run();
