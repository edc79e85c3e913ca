/**
 * The gate that keeps the floors apart: who may import whom.
 *
 * A room's file imports from its own folder (`./X.ts`), or from a lower floor through that room's `../room/index.ts`.
 * Rooms on one floor are strangers. Rooms take no package but what `PACKAGES` grants, and of Node's modules only what
 * `NODE_MODULES` does.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { isProgram } from './isProgram.ts';
import {
  AROUND,
  commandsIn,
  entrancesIn,
  exportedSpecifiers,
  exportedSubpaths,
  FLOORS,
  filesIn,
  roomsIn,
} from './rooms.ts';
import { type Import, SourceFile } from './SourceFile.ts';
import { reportViolations, type Violation } from './Violation.ts';

/** Which files of a room may use which modules of Node. A trailing slash grants it to the whole room. */
export const NODE_MODULES: Readonly<Record<string, readonly string[]>> = {
  'compat/': ['node:http', 'node:https', 'node:net', 'node:tls', 'node:worker_threads'],
  'cli/': ['node:events', 'node:fs', 'node:fs/promises', 'node:perf_hooks', 'node:util'],
  'shm-transport/platform.ts': ['node:worker_threads'],
  'tcp-transport/': ['node:net', 'node:tls', 'node:process', 'node:fs/promises'],
  'workers/': [
    'node:events',
    'node:module',
    'node:os',
    'node:path',
    'node:perf_hooks',
    'node:url',
    'node:util',
    'node:v8',
    'node:worker_threads',
  ],
  'ws-transport/': ['node:crypto', 'node:http', 'node:https', 'node:net', 'node:stream', 'node:tls'],
};

/** Which rooms may take which packages: what those who use the room have installed, an optional peer of this one. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  workers: ['piscina', 'msgpackr', 'msgpackr/index-no-eval'],
};

/** Packages of which rooms may take types, which are gone at run time. */
const TYPES_OF: Readonly<Record<string, readonly string[]>> = {
  compat: ['rsocket-core', 'ws'],
  workers: ['piscina'],
};

/** Folders around the rooms that may take from others around them; each may take from itself. */
const AROUND_MAY_TAKE: Readonly<Record<string, readonly string[]>> = {
  spec: ['tools', 'bench', 'examples'],
  bench: [],
  examples: [],
  tools: [],
  docs: [],
};

export function checkLayers(root: string, nodeModules: typeof NODE_MODULES = NODE_MODULES): Violation[] {
  const sources = filesIn(root)
    .filter((path) => path.endsWith('.ts') && path.includes('/'))
    .map((path) => new SourceFile(path, readFileSync(join(root, path), 'utf8')));
  return [
    ...sources.flatMap((source) => checkImports(source, root, nodeModules)),
    ...checkRooms(root, sources),
    ...checkCycles(sources),
  ];
}

function checkImports(source: SourceFile, root: string, nodeModules: typeof NODE_MODULES): Violation[] {
  const violations: Violation[] = [];
  const isRoom = source.folder in FLOORS;
  for (const taken of source.imports()) {
    const message = isRoom ? whyRoomMayNot(source, taken, nodeModules) : whyAroundMayNot(source, taken, root);
    if (message !== undefined)
      violations.push({
        file: source.path,
        line: taken.line,
        rule: 'layers',
        message: `${message}: ${taken.specifier}`,
      });
  }
  return violations;
}

function whyRoomMayNot(
  source: SourceFile,
  { specifier, typeOnly }: Import,
  nodeModules: typeof NODE_MODULES,
): string | undefined {
  if (specifier.startsWith('node:')) {
    const granted = [...(nodeModules[`${source.folder}/`] ?? []), ...(nodeModules[source.path] ?? [])];
    return granted.includes(specifier) ? undefined : 'a module of Node that this file was not granted';
  }
  if (specifier.startsWith('flysocket')) return 'a room is imported by its relative path from within the library';
  if (!specifier.startsWith('.')) {
    const granted = [...(PACKAGES[source.folder] ?? []), ...((typeOnly && TYPES_OF[source.folder]) || [])];
    return granted.includes(specifier) ? undefined : 'a package; the library has no dependency at run time';
  }
  const target = targetOf(source, specifier);
  const folder = target.slice(0, target.indexOf('/'));
  if (folder === source.folder) return undefined;
  if (AROUND.includes(folder)) return `${folder}/ stands around the library; nothing in it imports that`;
  const own = FLOORS[source.folder] as number;
  const other = FLOORS[folder];
  if (other === undefined) return 'no room of the house';
  if (other === own) return `${source.folder}/ and ${folder}/ stand on one floor (${own}): strangers`;
  if (other > own) return `${folder}/ (floor ${other}) lies above ${source.folder}/ (floor ${own})`;
  return target === `${folder}/index.ts` ? undefined : `another room is entered by its ${folder}/index.ts`;
}

function whyAroundMayNot(source: SourceFile, { specifier }: Import, root: string): string | undefined {
  if (/^flysocket(\/|$)/.test(specifier)) {
    return exportedSpecifiers(root).includes(specifier) ? undefined : 'no subpath that package.json exports';
  }
  if (!specifier.startsWith('.')) return undefined;
  const folder = targetOf(source, specifier).split('/')[0] as string;
  if (folder in FLOORS && source.folder !== 'tools') return `a room is imported as flysocket/${folder} from here`;
  if (folder === source.folder || !AROUND.includes(folder)) return undefined;
  return AROUND_MAY_TAKE[source.folder]?.includes(folder) ? undefined : `${folder}/ is not imported from here`;
}

function targetOf(source: SourceFile, specifier: string): string {
  return posix.normalize(posix.join(posix.dirname(source.path), specifier));
}

/** No empty room, none without an entrance, none that package.json forgets. */
function checkRooms(root: string, sources: readonly SourceFile[]): Violation[] {
  const violations: Violation[] = [];
  const complain = (file: string, message: string): void => {
    violations.push({ file, line: 0, rule: 'rooms', message });
  };
  const exported = exportedSubpaths(root);
  const commands = commandsIn(root);
  const entrances = entrancesIn(root).filter((file) => posix.basename(file) === 'index.ts');
  for (const room of roomsIn(root)) {
    if (commands.includes(room)) continue;
    const folders = entrances.filter((file) => file.startsWith(`${room}/`)).map((file) => posix.dirname(file));
    if (!sources.some((source) => source.folder === room)) complain(`${room}/`, 'an empty room');
    else if (folders.length === 0) complain(`${room}/`, 'a room without index.ts');
    for (const folder of folders) {
      if (!exported.includes(folder)) complain(`${folder}/`, 'a room that package.json does not export');
    }
  }
  for (const subpath of exported)
    if (subpath !== '' && !existsSync(join(root, subpath))) complain('package.json', `exports no room: ./${subpath}`);
  return violations;
}

/** Cycles among files by what is left of their imports at run time, each told once. */
function checkCycles(sources: readonly SourceFile[]): Violation[] {
  const known = new Set(sources.map((source) => source.path));
  const edges = new Map(
    sources.map((source) => [
      source.path,
      source
        .imports()
        .filter((taken) => !taken.typeOnly && taken.specifier.startsWith('.'))
        .map((taken) => targetOf(source, taken.specifier))
        .filter((target) => known.has(target)),
    ]),
  );
  const violations: Violation[] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string): void => {
    if (done.has(path)) return;
    const seen = trail.indexOf(path);
    if (seen !== -1) {
      const cycle = [...trail.slice(seen), path].join(' -> ');
      violations.push({ file: path, line: 0, rule: 'cycle', message: cycle });
      return;
    }
    trail.push(path);
    for (const target of edges.get(path) ?? []) visit(target);
    trail.pop();
    done.add(path);
  };
  for (const path of known) visit(path);
  return violations;
}

if (isProgram(import.meta.url)) reportViolations('layers', checkLayers('.'));
