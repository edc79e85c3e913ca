import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Where a record of today goes: `<folder>/<machine>/2026-11-23.json`, or `2026-11-23-2.json` if that is there: a record
 * is never written over.
 * @param machine in a few words, such as `amd-zen4-2vcpu`
 */
export function recordPath(folder: string, machine: string, date: Date): string {
  const day = date.toISOString().slice(0, 10);
  for (let run = 1; ; run++) {
    const path = join(folder, machine, `${day}${run === 1 ? '' : `-${run}`}.json`);
    if (!existsSync(path)) return path;
  }
}
