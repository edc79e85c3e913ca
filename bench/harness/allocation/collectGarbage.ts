import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | undefined = globalThis.gc as (() => void) | undefined;

/**
 * Collects garbage, twice: what the first pass finalizes (the memory of ArrayBuffers) only the second gives back. Node
 * need not have been started with --expose-gc.
 */
export function collectGarbage(): void {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
  collect();
}
