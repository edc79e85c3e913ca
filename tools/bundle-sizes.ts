/** Tells what each subpath costs who bundles it: minified and compressed, with all that it imports. Needs dist/. */
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
};

export function bundleSizes(root: string): Promise<BundleSize[]> {
  return Promise.all(exportedSubpaths(root).map((subpath) => bundleSize(root, subpath)));
}

async function bundleSize(root: string, subpath: string): Promise<BundleSize> {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'dist', subpath, 'index.js')],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    external: ['node:*'],
    logLevel: 'silent',
  });
  const contents = outputFiles[0]?.contents ?? new Uint8Array();
  return { subpath, minifiedBytes: contents.length, gzipBytes: gzipSync(contents, { level: 9 }).length };
}

function row(subpath: string, minified: string, gzip: string): string {
  return `${subpath.padEnd(16)}${minified.padStart(10)}${gzip.padStart(10)}`;
}

if (isProgram(import.meta.url)) {
  console.log(row('subpath', 'minified', 'gzip'));
  for (const { subpath, minifiedBytes, gzipBytes } of await bundleSizes('.'))
    console.log(row(subpath, String(minifiedBytes), String(gzipBytes)));
}
