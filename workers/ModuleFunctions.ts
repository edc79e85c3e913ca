import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { RSocketError } from '../flyweight/index.ts';
import type { CalledFunction, FunctionSource } from './FunctionSource.ts';

/** Loads files as CommonJS, with whatever hooks `execArgv` has put there. */
const requireFile = createRequire(import.meta.url);

/** The exported functions of worker files, found as piscina finds them: by `require`, else by `import`. */
export class ModuleFunctions implements FunctionSource {
  readonly passesContext = false;
  readonly #found: Map<string, CalledFunction> = new Map();

  find(filename: string, name: string): CalledFunction | Promise<CalledFunction> {
    return this.#found.get(`${filename}\0${name}`) ?? this.#load(filename, name);
  }

  async #load(filename: string, name: string): Promise<CalledFunction> {
    let found: unknown;
    try {
      found = await exportOf(requireFile(filename), name);
    } catch {
      // An ES module, or a file that fails: `import` tells which.
    }
    if (typeof found !== 'function') {
      const namespace = (await import(pathToFileURL(filename).href)) as Record<string, unknown>;
      found = await namespace[name];
      if (typeof found !== 'function') found = await exportOf(namespace['default'], name);
    }
    if (typeof found === 'function') {
      this.#found.set(`${filename}\0${name}`, found as CalledFunction);
      return found as CalledFunction;
    }
    throw new RSocketError('ERR_FLYSOCKET_NO_FUNCTION', `No handler function exported from ${filename}: "${name}"`);
  }
}

/** What `module.exports` gives by that name: itself by `default`, unless it is a transpiled ES module. */
function exportOf(exported: unknown, name: string): unknown {
  if (exported === null || exported === undefined) return undefined;
  const members = exported as Record<string, unknown>;
  if (name === 'default' && members['__esModule'] !== true && !isNamespace(members)) return exported;
  return members[name];
}

/** An ES module that was required. */
function isNamespace(exported: object): boolean {
  return (exported as { [Symbol.toStringTag]?: string })[Symbol.toStringTag] === 'Module';
}
