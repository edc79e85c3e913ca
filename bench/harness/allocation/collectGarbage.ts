import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Collect = (options?: { readonly type: 'minor' }) => void;

let collect: Collect | undefined = globalThis.gc as Collect | undefined;

function collector(): Collect {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as Collect;
  }
  return collect;
}

/**
 * Collects garbage, twice: what the first pass finalizes (the memory of ArrayBuffers) only the second gives back. Node
 * need not have been started with --expose-gc.
 */
export function collectGarbage(): void {
  const gc = collector();
  gc();
  gc();
}

/** The same of young objects alone, in a hundredth of the time: none of them is left there. */
export function collectYoungGarbage(): void {
  const gc = collector();
  gc({ type: 'minor' });
  gc({ type: 'minor' });
}
