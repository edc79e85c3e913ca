import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('what a bundle takes of the metadata room');

async function bundleOf(name: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: `export { ${name} } from 'flysocket/metadata';`, resolveDir: '.' },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}

/** Bytes after gzip, with room for growth, so that only a stowaway breaks them. */
const CEILINGS: Readonly<Record<string, number>> = {
  routeOf: 3_500,
  compositeMetadata: 6_000,
  idOfMimeType: 1_200,
  MESSAGE_RSOCKET_ROUTING: 200,
};

for (const [name, ceiling] of Object.entries(CEILINGS)) {
  test(`${name} draws in no more than it needs`, async () => {
    const size = gzipSync(await bundleOf(name), { level: 9 }).length;
    assert.ok(size < ceiling, `${size} bytes after gzip, ceiling ${ceiling}`);
  });
}

test('reading a route takes neither buffers nor writers along', async () => {
  const bundle = await bundleOf('routeOf');
  assert.match(bundle, 'ERR_FLYSOCKET_METADATA_MALFORMED');
  for (const foreign of ['DataView', 'BigInt64Array', 'ERR_FLYSOCKET_METADATA_TOO_LONG', 'TextEncoder']) {
    assert.not.match(bundle, foreign);
  }
});

test.run();
