import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';

/** The rooms of the library and the floor each stands on: a room knows what lies below it, and no neighbour. */
export const FLOORS: Readonly<Record<string, number>> = {
  flyweight: 0,
  pool: 1,
  counters: 1,
  metadata: 1,
  codec: 2,
  transport: 3,
  core: 4,
  'shm-transport': 5,
  'tcp-transport': 5,
  'ws-transport': 5,
  resume: 5,
  workers: 6,
  endpoint: 6,
  compat: 6,
  balance: 6,
  routing: 6,
  rpc: 7,
  cli: 8,
};

/** Folders around the library. They may import rooms by their public names; no room imports them. */
export const AROUND: readonly string[] = ['bench', 'spec', 'docs', 'examples', 'tools'];

const NOT_OURS = new Set(['node_modules', 'dist', '.build', '.git']);

/** The rooms that `root` has. */
export function roomsIn(root: string): string[] {
  return Object.keys(FLOORS).filter((room) => existsSync(join(root, room)));
}

/** Rooms that run in Node alone, but for what their `browser.ts` gives, if they have one. */
const NODE_ROOMS: readonly string[] = ['tcp-transport', 'ws-transport', 'endpoint', 'workers', 'compat', 'cli'];
/** What a room is entered by: others import the first, node runs the second, a worker thread the third. */
const ENTRANCES: readonly string[] = ['index.ts', 'main.ts', 'thread.ts'];

/** What of the folders around the rooms is for others too. */
const PUBLIC_AROUND: readonly string[] = ['bench/harness/index.ts'];

/** The entrances of the rooms that `root` has, for Node: `core/index.ts`, `compat/rsocket-core/index.ts`. */
export function entrancesIn(root: string): string[] {
  const ofRooms = roomsIn(root).flatMap((room) =>
    filesIn(join(root, room))
      .filter((file) => ENTRANCES.includes(posix.basename(file)))
      .map((file) => `${room}/${file}`),
  );
  return [...ofRooms, ...PUBLIC_AROUND.filter((file) => existsSync(join(root, file)))];
}

/** The entrances of the rooms that `root` has for browsers: `core/index.ts`, `ws-transport/browser.ts`. */
export function browserRoomsIn(root: string): string[] {
  return roomsIn(root).flatMap((room) => {
    if (existsSync(join(root, room, 'browser.ts'))) return [`${room}/browser.ts`];
    return NODE_ROOMS.includes(room) || !existsSync(join(root, room, 'index.ts')) ? [] : [`${room}/index.ts`];
  });
}

/** Every file below `root` that is ours, as paths from `root` with forward slashes, in order. */
export function filesIn(root: string): string[] {
  const files: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      if (NOT_OURS.has(entry.name)) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (entry.isFile()) files.push(path.split(sep).join('/'));
    }
  };
  visit('.');
  return files.sort();
}

/** The rooms that are commands: package.json names their program, and nobody imports them. */
export function commandsIn(root: string): string[] {
  const { bin = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { bin?: Record<string, string> };
  return Object.values(bin).flatMap((file) => /^\.\/dist\/(.+)\/[^/]+\.js$/.exec(file)?.[1] ?? []);
}

/** The folders behind the subpaths that package.json promises: `./core` is core, `.` the one whose entry it names. */
export function exportedSubpaths(root: string): string[] {
  const { exports = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    exports?: Record<string, string | { default: string }>;
  };
  return Object.values(exports)
    .map((target) => (typeof target === 'string' ? target : target.default))
    .flatMap((file) => /^\.\/dist\/(.+)\/index\.js$/.exec(file)?.[1] ?? []);
}

/** By what names package.json lets others import: `flysocket`, `flysocket/core`. */
export function exportedSpecifiers(root: string): string[] {
  const { exports = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { exports?: object };
  return Object.keys(exports)
    .filter((subpath) => subpath !== './package.json')
    .map((subpath) => `flysocket${subpath.slice(1)}`);
}
