/** Tells what each subpath costs who bundles it: minified and compressed, with all that it imports. Needs dist/. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { isProgram } from './isProgram.ts';
import { exportedSubpaths } from './rooms.ts';

export interface BundleSize {
  readonly subpath: string;
  readonly minifiedBytes: number;
  readonly gzipBytes: number;
}

/** What a subpath may cost, in bytes after gzip: generous, so that only a stowaway breaks it. */
export const GZIP_LIMITS: Readonly<Record<string, number>> = {
  flyweight: 12_000,
  pool: 12_000,
  counters: 12_000,
  metadata: 12_000,
  codec: 24_000,
  transport: 12_000,
  core: 40_000,
  'shm-transport': 48_000,
  'tcp-transport': 40_000,
  'ws-transport': 44_000,
  endpoint: 64_000,
  workers: 64_000,
  'compat/rsocket-core': 64_000,
  'compat/rsocket-core-0': 60_000,
  'bench/harness': 28_000,
  'client in a page': 24_500,
};

/** What a page takes that asks a server over a WebSocket: all interactions, by the browser build. */
export const BROWSER_CLIENT = 'client in a page';
const BROWSER_CLIENT_CODE = "export { connectWebSocket } from './dist/browser/ws-transport/index.js';";

/** Every subpath whole, as Node takes it. */
export function bundleSizes(root: string): Promise<BundleSize[]> {
  return Promise.all(
    exportedSubpaths(root).map((subpath) =>
      bundleSize(root, subpath, `export * from './${join('dist', subpath, 'index.js')}';`),
    ),
  );
}

/** @throws Error if something of it can't be bundled for a page */
export function browserClientSize(root: string): Promise<BundleSize> {
  return bundleSize(root, BROWSER_CLIENT, BROWSER_CLIENT_CODE, []);
}

async function bundleSize(
  root: string,
  subpath: string,
  contents: string,
  external: string[] = ['node:*', ...peersOf(root)],
): Promise<BundleSize> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    external,
    logLevel: 'silent',
  });
  const bundled = outputFiles[0]?.contents ?? new Uint8Array();
  return { subpath, minifiedBytes: bundled.length, gzipBytes: gzipSync(bundled, { level: 9 }).length };
}

/** What users install themselves is not counted. */
function peersOf(root: string): string[] {
  const { peerDependencies = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    peerDependencies?: Record<string, string>;
  };
  return Object.keys(peerDependencies).flatMap((name) => [name, `${name}/*`]);
}

function row(subpath: string, minified: string, gzip: string): string {
  return `${subpath.padEnd(16)}${minified.padStart(10)}${gzip.padStart(10)}`;
}

if (isProgram(import.meta.url)) {
  console.log(row('subpath', 'minified', 'gzip'));
  for (const { subpath, minifiedBytes, gzipBytes } of [...(await bundleSizes('.')), await browserClientSize('.')])
    console.log(row(subpath, String(minifiedBytes), String(gzipBytes)));
}
