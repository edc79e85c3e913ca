/**
 * Runs the built specs on other versions of Node: `npm run matrix -- 22 24`.
 *
 * Each version is npm's package `node`, installed into a temporary folder that goes when its turn is over. Arguments
 * that are no versions go to the runner of the specs, as filters. One line per version; the specs' own output only if
 * they fail.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isProgram } from './isProgram.ts';

const DEFAULT_VERSIONS = ['22', '24', '26'];
const INSTALL_LIMIT_MS = 180_000;
const SPECS_LIMIT_MS = 900_000;
const OUTPUT_LIMIT = 64 * 1024 * 1024;

interface Outcome {
  readonly ok: boolean;
  readonly line: string;
  readonly output: string;
}

function run(command: string, args: readonly string[], timeout: number): { ok: boolean; output: string } {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    timeout,
    maxBuffer: OUTPUT_LIMIT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { ok: status === 0, output: `${stdout}${stderr}${error === undefined ? '' : error.message}`.trimEnd() };
}

function runOn(version: string, filters: readonly string[]): Outcome {
  const folder = mkdtempSync(join(tmpdir(), `flysocket-node-${version}-`));
  try {
    const flags = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error'];
    const install = run('npm', ['install', ...flags, '--prefix', folder, `node@${version}`], INSTALL_LIMIT_MS);
    const node = join(folder, 'node_modules', 'node', 'bin', 'node');
    if (!install.ok || !existsSync(node))
      return { ok: false, line: `node ${version}: could not be installed`, output: install.output };
    const exact = run(node, ['--version'], INSTALL_LIMIT_MS).output;
    const { ok, output } = run(node, ['.build/tools/run-specs.js', ...filters], SPECS_LIMIT_MS);
    const summary = /^\d+ passed, \d+ failed.*$/m.exec(output)?.[0] ?? 'the runner left no summary';
    return { ok, line: `node ${exact}: ${summary}`, output };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function main(args: readonly string[]): void {
  const isVersion = (arg: string): boolean => /^\d+(\.\d+)*$/.test(arg);
  const versions = args.filter(isVersion);
  const filters = args.filter((arg) => !isVersion(arg));
  for (const version of versions.length > 0 ? versions : DEFAULT_VERSIONS) {
    const { ok, line, output } = runOn(version, filters);
    if (!ok) {
      console.log(output.replace(/^/gm, '  | '));
      process.exitCode = 1;
    }
    console.log(line);
  }
}

if (isProgram(import.meta.url)) main(process.argv.slice(2));
