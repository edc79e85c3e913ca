import { RSocketError } from '../../flyweight/index.ts';
import { MAX_CALL_TARGETS } from '../limits.ts';
import { CallTarget } from './CallTarget.ts';

/** Numbers the functions that one side calls, in the order in which it first does. */
export class CallTargets {
  readonly #byFilename: Map<string, Map<string, CallTarget>> = new Map();
  #count = 0;

  /** @throws RSocketError ERR_FLYSOCKET_TOO_MANY_TARGETS */
  of(filename: string, name: string): CallTarget {
    let byName = this.#byFilename.get(filename);
    const known = byName?.get(name);
    if (known !== undefined) return known;
    if (this.#count === MAX_CALL_TARGETS) {
      const message = `too many functions were called: maximum ${MAX_CALL_TARGETS}`;
      throw new RSocketError('ERR_FLYSOCKET_TOO_MANY_TARGETS', message);
    }
    const target = new CallTarget(this.#count++, filename, name);
    if (byName === undefined) {
      byName = new Map();
      this.#byFilename.set(filename, byName);
    }
    byName.set(name, target);
    return target;
  }
}
