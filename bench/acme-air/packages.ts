/** Loads what is installed in bench/rivals/, as an import would. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const requireRival: NodeJS.Require = createRequire(new URL('../../../bench/rivals/package.json', import.meta.url));

export function isInstalled(name: string): boolean {
  try {
    requireRival.resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** @throws Error (as rejection) that names the package if it isn't installed */
export async function loadPackage<Module>(name: string): Promise<Module> {
  if (!isInstalled(name)) throw new Error(`${name} is not installed: npm ci --prefix bench/rivals`);
  const module = await import(pathToFileURL(requireRival.resolve(name)).href);
  return module.default ?? module;
}
