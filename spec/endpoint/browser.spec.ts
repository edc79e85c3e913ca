import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('flysocket in a browser');

const ENTRANCE = 'dist/browser/endpoint/index.js';

/** What a program for browsers contains that imports this. */
async function bundle(contents: string): Promise<{ code: string; inputs: string[] }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: '.' },
    bundle: true,
    write: false,
    minify: true,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    logLevel: 'silent',
  });
  return { code: outputFiles[0]?.text ?? '', inputs: Object.keys(metafile.inputs) };
}

test('needs nothing of Node', async () => {
  const { code, inputs } = await bundle(`export { connect } from './${ENTRANCE}';`);
  assert.ok(inputs.length > 1, 'it was bundled');
  assert.not.match(code, /["'](node:[a-z_/]+)["']/);
});

test('gives no server, and what it gives is what Node has, too', async () => {
  const browser = Object.keys(await import(join(process.cwd(), ENTRANCE)));
  const node = new Set(Object.keys(await import('flysocket')));
  assert.ok(browser.includes('connect'));
  assert.not(browser.includes('serve'));
  assert.equal(
    browser.filter((name) => !node.has(name)),
    [],
  );
});

test('says what a browser can connect to', async () => {
  const { connect } = (await import(join(process.cwd(), ENTRANCE))) as typeof import('flysocket');
  await connect('tcp://localhost:1').then(
    () => assert.unreachable(),
    (error) => {
      assert.is(error.code, 'ERR_FLYSOCKET_URL');
      assert.match(error.message, /no tcp: in browsers\. Allowed: ws:\/\/host:port\/path, wss:/);
    },
  );
});

test('the entrance for Node loads a transport when it is asked for, not before', () => {
  const chunks = new Set<string>();
  const visit = (file: string): void => {
    if (chunks.has(file)) return;
    chunks.add(file);
    const text = readFileSync(file, 'utf8');
    for (const [, path] of text.matchAll(/^(?:import|export)[^;]*?from "(\.[^"]+)"|^import "(\.[^"]+)"/gm))
      if (path !== undefined) visit(join(file, '..', path));
  };
  visit('dist/endpoint/index.js');
  const code = [...chunks].map((file) => readFileSync(file, 'utf8')).join('\n');
  assert.not.match(code, /from "node:/);
  assert.ok(readdirSync('dist/tcp-transport').length > 0);
});

test.run();
