import * as assert from 'uvu/assert';
import { browserClientSize, bundleSizes, GZIP_LIMITS } from '../../tools/bundle-sizes.ts';
import { madeUpTree } from '../support/madeUpTree.ts';
import { suite } from '../support/suite.ts';

const test = suite('bundle-sizes');

test('every subpath stays below its ceiling', async () => {
  for (const { subpath, gzipBytes } of [...(await bundleSizes('.')), await browserClientSize('.')]) {
    const limit = GZIP_LIMITS[subpath];
    assert.ok(limit !== undefined, `${subpath} has no ceiling`);
    assert.ok(gzipBytes < (limit as number), `${subpath}: ${gzipBytes} bytes after gzip, ceiling ${limit}`);
  }
});

test('counts what a subpath draws in', async () => {
  const files = {
    'package.json': JSON.stringify({ exports: { a: './dist/small/index.js', b: './dist/large/index.js' } }),
    'dist/small/index.js': 'export const one = 1; // a comment is not shipped',
    'dist/large/index.js': "export * from '../chunk.js';",
    'dist/chunk.js': `export const text = '${'flysocket '.repeat(1000)}';`,
  };
  const [small, large] = await madeUpTree(files, bundleSizes);
  assert.ok(small !== undefined && small.minifiedBytes < 50, JSON.stringify(small));
  assert.ok(large !== undefined && large.minifiedBytes > 10_000 && large.gzipBytes < 500, JSON.stringify(large));
});

test.run();
