import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Writes `files` (path to text) into a new temporary folder, hands its path to `use`, and removes it again. */
export function madeUpTree<T>(files: Readonly<Record<string, string>>, use: (root: string) => T): T {
  const root = mkdtempSync(join(tmpdir(), 'flysocket-spec-'));
  const remove = (): void => rmSync(root, { recursive: true, force: true });
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const result = use(root);
    if (!(result instanceof Promise)) {
      remove();
      return result;
    }
    return result.finally(remove) as T;
  } catch (error) {
    remove();
    throw error;
  }
}
