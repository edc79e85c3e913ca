/**
 * Builds everything that runs.
 *
 *   dist/                     the library as it ships: one entry per public room, shared chunks, each class once
 *   dist/browser/             the same for browsers: `X.browser.ts` in the place of `X.ts`, `browser.ts` of `index.ts`
 *   dist/<room>/*.cjs         what is CommonJS, as it is
 *   .build/without-counters/  the same with every counter compiled out, to measure what counting costs
 *   .build/                   specs, benches, tools and examples, file by file; they import `flysocket/...`: dist/
 */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { constantMembers, withConstantsFirst, withLiteralMembers } from './literalConstants.ts';
import { AROUND, browserRoomsIn, entrancesIn, filesIn, roomsIn } from './rooms.ts';

const entrances = entrancesIn('.');
/** What rooms take from their users' node_modules. */
const PACKAGES = Object.keys(
  (JSON.parse(readFileSync('package.json', 'utf8')) as { peerDependencies: object }).peerDependencies,
);
const PROGRAMS = AROUND.filter((folder) => folder !== 'docs' && existsSync(folder));

/** Keeps relative imports as they are, but for the extension: each TypeScript file becomes one JavaScript file. */
const fileByFile: Plugin = {
  name: 'file-by-file',
  setup({ onResolve }) {
    onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ path, kind }) =>
      kind === 'entry-point' ? undefined : { path: path.replace(/\.ts$/, '.js'), external: true },
    );
  },
};

/** Takes a file's browser edition where there is one, and a room's browser entrance. */
const forBrowsers: Plugin = {
  name: 'for-browsers',
  setup({ onResolve }) {
    onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ path, resolveDir, kind }) => {
      if (kind === 'entry-point') return undefined;
      const file = join(resolveDir, path);
      const edition =
        basename(file) === 'index.ts' ? join(dirname(file), 'browser.ts') : file.replace(/\.ts$/, '.browser.ts');
      return existsSync(edition) ? { path: edition } : undefined;
    });
  },
};

/** Writes members of constant objects as the numbers that they are, and what `rewrite` does besides. */
function literals(rewrite = (source: string): string => source): Plugin {
  return {
    name: 'literals',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => ({
        contents: rewrite(withLiteralMembers(readFileSync(path, 'utf8'), members)),
        loader: 'ts',
      }));
    },
  };
}

/** Writes the one constant that guards every counter as a literal, so that the bundler drops what it guards. */
function withoutCounters(source: string): string {
  return source.replaceAll('(COUNTERS_ENABLED)', '(false)').replaceAll('(!COUNTERS_ENABLED)', '(true)');
}

/**
 * Gives top-level constants and classes their `const` back. The bundler declares them as `var`, whose value V8 does not
 * take for constant: frame accessors then read every field offset from memory and are half as fast (measured).
 * Imports of chunks of which nothing is taken go: a module has no effects, and other bundlers warn of them.
 */
const constantsAgain: Plugin = {
  name: 'constants-again',
  setup({ onEnd }) {
    onEnd(({ outputFiles = [] }) => {
      for (const { path, text, contents } of outputFiles) {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(
          path,
          path.endsWith('.js') ? withConstantsFirst(withConstants(withoutIdleImports(text))) : contents,
        );
        // What begins with `#!` is a program.
        if (text.startsWith('#!')) chmodSync(path, 0o755);
      }
    });
  },
};

/** The lines stay, so that source maps still fit. */
function withoutIdleImports(text: string): string {
  return text.replaceAll(/^import "\.{1,2}\/[^"]+";$/gm, '');
}

function withConstants(text: string): string {
  return text.replaceAll(/^var ([\w$]+) = /gm, (declaration, name: string) => {
    const escaped = name.replaceAll('$', '\\$');
    const assignment = new RegExp(
      `(?<![.\\w$#]|static )${escaped}\\s*(=(?![=>])|\\+\\+|--|[-+*/%&|^?<>]+=)|(\\+\\+|--)${escaped}`,
      'g',
    );
    const assignments = text.match(assignment)?.length ?? 0;
    return assignments === 1 ? `const ${name} = ` : declaration;
  });
}

/** @param entrances of the rooms, such as `core/index.ts` */
function library(outdir: string, entrances: readonly string[], plugins: Plugin[]): Promise<unknown> {
  return build({
    entryPoints: entrances.map((file) => ({
      in: file,
      out: `${dirname(file)}/${basename(file, '.ts').replace('browser', 'index')}`,
    })),
    outdir,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    external: ['node:*', ...PACKAGES.flatMap((name) => [name, `${name}/*`])],
    target: 'es2022',
    sourcemap: 'linked',
    logLevel: 'warning',
    plugins: [...plugins, constantsAgain],
  });
}

function sourcesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name));
}

const members = constantMembers(roomsIn('.').flatMap(sourcesBelow));
const programs = PROGRAMS.flatMap(sourcesBelow);
rmSync('dist', { recursive: true, force: true });
for (const folder of [...PROGRAMS, 'without-counters'])
  rmSync(join('.build', folder), { recursive: true, force: true });

for (const file of roomsIn('.').flatMap((room) => filesIn(room).map((path) => `${room}/${path}`))) {
  if (!file.endsWith('.cjs')) continue;
  mkdirSync(join('dist', dirname(file)), { recursive: true });
  copyFileSync(file, join('dist', file));
}

await Promise.all([
  library('dist', entrances, [literals()]),
  library('dist/browser', browserRoomsIn('.'), [forBrowsers, literals()]),
  library('.build/without-counters', entrances, [literals(withoutCounters)]),
  build({
    entryPoints: programs,
    outdir: '.build',
    outbase: '.',
    bundle: true,
    packages: 'external',
    // Without the paths of tsconfig.json, which would pull the library's sources in.
    tsconfigRaw: '{}',
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    sourcemap: 'inline',
    logLevel: 'warning',
    plugins: [fileByFile],
  }),
]);
