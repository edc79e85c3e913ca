/**
 * The gate before a release: packs what would be published, unpacks it into a project of its own, and uses it there:
 * plain node imports every subpath, and the compiler reads every declaration. Needs a build in dist/; no network.
 */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isProgram } from './isProgram.ts';
import { exportedSpecifiers } from './rooms.ts';
import { reportViolations, type Violation } from './Violation.ts';

type Exports = Record<string, string | { types?: string; browser?: string; default?: string }>;

/** How long one step may take, in milliseconds. */
const STEP_LIMIT_MS = 60_000;
/** What a user has to have installed optional peers for; all else is imported without them first. */
const NEED_PEERS: readonly string[] = ['flysocket/workers', 'flysocket/bench'];
const NOT_FOR_USERS = /^(spec|bench|tools|examples)\/|\.spec\.|\.worker\.ts$|(?<!\.d)\.ts$|^\.|tsconfig|biome\.json/;

export function checkTarball(root: string): Violation[] {
  const place = mkdtempSync(join(tmpdir(), 'flysocket-tarball-'));
  try {
    return checkIn(place, resolve(root));
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

function checkIn(place: string, root: string): Violation[] {
  const violations: Violation[] = [];
  const complain = (rule: string, message: string): void => {
    violations.push({ file: 'package.json', line: 0, rule, message });
  };
  const step = (rule: string, command: string, args: readonly string[], cwd: string): void => {
    const { status, error, stdout, stderr } = spawnSync(command, args, {
      cwd,
      encoding: 'utf8',
      timeout: STEP_LIMIT_MS,
    });
    if (status !== 0) complain(rule, `${command} failed: ${error ?? `${stdout}${stderr}`.slice(-2000)}`);
  };
  const compiler = join(root, 'node_modules/typescript/lib/tsc.js');

  step('types', process.execPath, [compiler, '-p', 'tsconfig.types.json', '--pretty', 'false'], root);
  step('pack', 'npm', ['pack', '--ignore-scripts', '--offline', '--silent', '--pack-destination', place], root);
  const archive = readdirSync(place).find((name) => name.endsWith('.tgz'));
  if (archive === undefined) return violations;
  step('unpack', 'tar', ['-xzf', archive], place);
  mkdirSync(join(place, 'node_modules'));
  const installed = join(place, 'node_modules', 'flysocket');
  renameSync(join(place, 'package'), installed);

  for (const message of whatIsWrongWith(installed)) complain('contents', message);
  const specifiers = exportedSpecifiers(installed);
  const typeRoot = join(root, 'node_modules/@types');
  writeUser(
    place,
    specifiers.filter((specifier) => !NEED_PEERS.includes(specifier)),
    typeRoot,
  );
  step('import without peers', process.execPath, ['user.mjs'], place);
  for (const peer of peersOf(installed)) {
    symlinkSync(join(root, 'node_modules', peer), join(place, 'node_modules', peer), 'junction');
  }
  writeUser(place, specifiers, typeRoot);
  step('import', process.execPath, ['user.mjs'], place);
  step('declarations', process.execPath, [compiler, '-p', '.', '--pretty', 'false'], place);
  return violations;
}

function peersOf(installed: string): string[] {
  const { peerDependencies = {} } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
    peerDependencies?: Record<string, string>;
  };
  return Object.keys(peerDependencies);
}

/** What the package lacks, or has and should not. */
export function whatIsWrongWith(installed: string): string[] {
  const files = readdirSync(installed, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'));
  const { exports = {}, dependencies = {} } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
    exports?: Exports;
    dependencies?: Record<string, string>;
  };
  const wanted = ['README.md', 'LICENSE', ...Object.values(exports).flatMap(targetsOf)];
  return [
    ...wanted.filter((path) => !existsSync(join(installed, path))).map((path) => `lacks ${path}`),
    ...files.filter((path) => NOT_FOR_USERS.test(path)).map((path) => `has ${path}`),
    ...Object.keys(dependencies).map((name) => `depends on ${name}`),
  ];
}

function targetsOf(target: Exports[string]): string[] {
  if (typeof target === 'string') return [target];
  const { types = 'types of an export', browser = [], default: main = 'the default of an export' } = target;
  return [types, main].concat(browser);
}

/** Writes a project that imports every subpath, once for node and once for the compiler. */
function writeUser(place: string, specifiers: readonly string[], typeRoot: string): void {
  const lines = specifiers.map((specifier, index) => `import * as room${index} from '${specifier}';`);
  const rooms = `[${specifiers.map((_, index) => `room${index}`).join(', ')}]`;
  const check = `for (const room of ${rooms}) if (Object.keys(room).length === 0) throw new Error('an empty subpath');`;
  const options = {
    module: 'NodeNext',
    target: 'ES2023',
    lib: ['ES2024', 'ESNext.Disposable'],
    strict: true,
    noEmit: true,
    typeRoots: [typeRoot],
    types: ['node'],
  };
  writeFileSync(join(place, 'user.mjs'), [...lines, check].join('\n'));
  writeFileSync(join(place, 'user.mts'), [...lines, `export const rooms = ${rooms};`].join('\n'));
  writeFileSync(join(place, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['user.mts'] }));
}

if (isProgram(import.meta.url)) reportViolations('tarball', checkTarball('.'));
