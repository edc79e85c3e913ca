import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { RSocketError } from '../../flyweight/index.ts';
import type { CalledFunction, FunctionSource } from './FunctionSource.ts';

/** Loads files as CommonJS, with whatever hooks `execArgv` has put there. */
const requireFile = createRequire(import.meta.url);

/** By what `import` says that `require` might still find the file, or read it by a hook of the program's. */
const FOR_REQUIRE = ['ERR_UNKNOWN_FILE_EXTENSION', 'ERR_MODULE_NOT_FOUND', 'ERR_UNSUPPORTED_DIR_IMPORT'];

/**
 * The exported functions of worker files, by `import`, else by `require`. piscina has it the other way round; but a
 * thread that is ended while it requires an ES module takes the whole process with it (Node 20).
 */
export class ModuleFunctions implements FunctionSource {
  readonly passesContext = false;
  readonly #found: Map<string, CalledFunction> = new Map();

  find(filename: string, name: string): CalledFunction | Promise<CalledFunction> {
    return this.#found.get(`${filename}\0${name}`) ?? this.#load(filename, name);
  }

  async #load(filename: string, name: string): Promise<CalledFunction> {
    const found = await functionIn(await moduleAt(filename), name);
    if (typeof found === 'function') {
      this.#found.set(`${filename}\0${name}`, found as CalledFunction);
      return found as CalledFunction;
    }
    throw new RSocketError('ERR_FLYSOCKET_NO_FUNCTION', `No handler function exported from ${filename}: "${name}"`);
  }
}

async function moduleAt(filename: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(filename).href);
  } catch (error) {
    if (!FOR_REQUIRE.includes((error as { code?: string } | undefined)?.code ?? '')) throw error;
    try {
      return requireFile(filename);
    } catch {
      throw error;
    }
  }
}

/** An export, or, of a CommonJS module, what `module.exports` has. */
async function functionIn(exported: unknown, name: string): Promise<unknown> {
  const own = await exportOf(exported, name);
  if (typeof own === 'function') return own;
  return exportOf((exported as Record<string, unknown> | null | undefined)?.['default'], name);
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
