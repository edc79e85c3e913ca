/**
 * The libraries that the contenders are measured against. They live in bench/rivals/ with a package.json of their own,
 * so that the library's own dependencies stay as they are.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const INSTALL_TIMEOUT_MS = 180_000;

const manifest = fileURLToPath(new URL('../../../bench/rivals/package.json', import.meta.url));
const requireRival: NodeJS.Require = createRequire(manifest);

export const RIVALS = [
  'rsocket-core',
  'rsocket-tcp-client',
  'rsocket-tcp-server',
  'rsocket-core-0',
  'rsocket-flowable-0',
  'rsocket-tcp-client-0',
  'rsocket-tcp-server-0',
  'rsocket-websocket-client-0',
  'rsocket-websocket-server-0',
  'ws',
  '@grpc/grpc-js',
  'ringbuf.js',
  'piscina',
] as const;
export type RivalName = (typeof RIVALS)[number];

function isInstalled(name: RivalName): boolean {
  try {
    requireRival.resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** Installs the rivals if one is missing. @returns the names that are missing still */
export function installRivals(log: (line: string) => void): RivalName[] {
  if (RIVALS.every(isInstalled)) return [];
  const folder = dirname(manifest);
  log('bench/rivals/node_modules is missing or incomplete: npm ci --prefix bench/rivals');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--prefix', folder], {
    cwd: join(folder, '..', '..'),
    timeout: INSTALL_TIMEOUT_MS,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) log(`npm ci failed: ${(npm.stderr ?? npm.error?.message ?? '').trim().split('\n').at(-1)}`);
  return RIVALS.filter((name) => !isInstalled(name));
}

/** @returns the module, typed as the caller knows it, or undefined if it isn't installed */
export function loadRival<Module>(name: RivalName): Module | undefined {
  return isInstalled(name) ? (requireRival(name) as Module) : undefined;
}
