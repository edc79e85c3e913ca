/**
 * The libraries that the contenders are measured against. They live in rivals/ with a package.json of their own, so
 * that the library's own dependencies stay as they are.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const INSTALL_TIMEOUT_MS = 180_000;

const root: string = fileURLToPath(new URL('../..', import.meta.url));
const folder: string = join(root, 'bench', 'rivals');
const requireRival: NodeJS.Require = createRequire(join(folder, 'package.json'));

/** @param name of a package in rivals/package.json */
export function isInstalled(name: string): boolean {
  return existsSync(join(folder, 'node_modules', name, 'package.json'));
}

function missingRivals(): string[] {
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { dependencies: object };
  return Object.keys(dependencies).filter((name) => !isInstalled(name));
}

/** Installs the rivals if one is missing. @returns the names that are missing still */
export function installRivals(log: (line: string) => void): string[] {
  if (missingRivals().length === 0) return [];
  log('bench/rivals/node_modules is missing or incomplete: npm ci --prefix bench/rivals');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--prefix', folder], {
    cwd: root,
    timeout: INSTALL_TIMEOUT_MS,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) log(`npm ci failed: ${(npm.stderr ?? npm.error?.message ?? '').trim().split('\n').at(-1)}`);
  return missingRivals();
}

/**
 * @param name of a package in rivals/package.json that can be required
 * @returns the module, typed as the caller knows it, or undefined if it isn't installed
 */
export function loadRival<Module>(name: string): Module | undefined {
  return isInstalled(name) ? (requireRival(name) as Module) : undefined;
}

/**
 * The same for packages that may be ES modules.
 * @returns its default export, or all of them if there is none
 * @throws Error (as rejection) that names the package if it isn't installed
 */
export async function importRival<Module>(name: string): Promise<Module> {
  let path: string;
  try {
    path = requireRival.resolve(name);
  } catch {
    throw new Error(`${name} is not installed: npm ci --prefix bench/rivals`);
  }
  const module = await import(pathToFileURL(path).href);
  return module.default ?? module;
}
