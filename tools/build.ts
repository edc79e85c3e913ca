/**
 * Builds everything that runs.
 *
 *   dist/                     the library as it ships: one entry per public room, shared chunks, each class once
 *   .build/without-counters/  the same with every counter compiled out, to measure what counting costs
 *   .build/                   specs, benches, tools and examples, file by file; they import `flysocket/...`: dist/
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { AROUND, roomsIn } from './rooms.ts';

const ROOMS = roomsIn('.').filter((room) => existsSync(`${room}/index.ts`));
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

/** Writes the one constant that guards every counter as a literal, so that the bundler drops what it guards. */
const withoutCounters: Plugin = {
  name: 'without-counters',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8')
        .replaceAll('(COUNTERS_ENABLED)', '(false)')
        .replaceAll('(!COUNTERS_ENABLED)', '(true)'),
      loader: 'ts',
    }));
  },
};

/**
 * Gives top-level constants and classes their `const` back. The bundler declares them as `var`, whose value V8 does not
 * take for constant: frame accessors then read every field offset from memory and are half as fast (measured).
 */
const constantsAgain: Plugin = {
  name: 'constants-again',
  setup({ onEnd }) {
    onEnd(({ outputFiles = [] }) => {
      for (const { path, text, contents } of outputFiles) {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, path.endsWith('.js') ? withConstants(text) : contents);
      }
    });
  },
};

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

function library(outdir: string, plugins: Plugin[]): Promise<unknown> {
  return build({
    entryPoints: ROOMS.map((room) => ({ in: `${room}/index.ts`, out: `${room}/index` })),
    outdir,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    external: ['node:*'],
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

const programs = PROGRAMS.flatMap(sourcesBelow);
rmSync('dist', { recursive: true, force: true });
for (const folder of [...PROGRAMS, 'without-counters'])
  rmSync(join('.build', folder), { recursive: true, force: true });

await Promise.all([
  library('dist', []),
  library('.build/without-counters', [withoutCounters]),
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
