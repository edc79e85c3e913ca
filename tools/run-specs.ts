/**
 * Runs the built specs, each file in a process of its own.
 *
 *   node .build/tools/run-specs.js [filter ...] [--serial] [--limit <seconds>] [--root <folder>]
 *
 * A filter is a part of a spec's path (`ring`, `spec/codec`, `tools/`); several mean any of them. Two files run at a
 * time; those below spec/stress and spec/alloc run alone, because what they measure is the thread and the heap. Those
 * below spec/browser need a browser and run, alone too, if a filter asks for them by that word.
 *
 * A file fails when a test in it fails, when it ends with another code than 0, when it has no test, when it leaves no
 * closing lines (the event loop ran empty under a pending test), when it outlives its limit, or when it has closed
 * its suite and something it started keeps the process alive. The last line is the sum: `N passed, N failed`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { isProgram } from './isProgram.ts';

export interface SpecResult {
  readonly file: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly milliseconds: number;
  /** Why the file failed, or nothing if it passed. */
  readonly failure: string | undefined;
  readonly output: string;
}

export interface RunOptions {
  /** The folder that holds `spec/`, built. */
  readonly root: string;
  readonly filters?: readonly string[];
  readonly serial?: boolean;
  /** What one file may take, in milliseconds. */
  readonly limitMs?: number;
  /** How long a file may go on after its closing lines, in milliseconds. */
  readonly graceMs?: number;
  readonly report?: (result: SpecResult) => void;
}

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Set if the runner had to end the process. */
  readonly stopped: string | undefined;
  readonly output: string;
}

interface Summary {
  readonly total: number;
  readonly passed: number;
  readonly skipped: number;
}

const DEFAULT_LIMIT_MS = 120_000;
const DEFAULT_GRACE_MS = 10_000;
/** How long the output of a process that ended is waited for: a child of its own may hold it open. */
const DRAIN_MS = 1000;
const FILES_AT_A_TIME = 2;
/** What is kept of one file's output, in characters: the end of it. */
const OUTPUT_LIMIT = 200_000;
const ALONE = /^spec[\\/](stress|alloc|browser)[\\/]/;
const WHEN_ASKED = /^spec[\\/]browser[\\/]/;
const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
const CLOSING_LINES = /\n {2}Total: {5}(\d+)\n {2}Passed: {4}(\d+)\n {2}Skipped: {3}(\d+)\n {2}Duration: .*\n/;

/** Runs every spec below `root` that matches, and gives back what became of each, in order of path. */
export async function runSpecs(options: RunOptions): Promise<SpecResult[]> {
  const files = findSpecs(options.root, options.filters ?? []);
  const together = options.serial ? [] : files.filter((file) => !ALONE.test(file));
  const alone = options.serial ? files : files.filter((file) => ALONE.test(file));
  const results: SpecResult[] = [];

  async function takeFrom(queue: string[]): Promise<void> {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const result = await runSpec(file, options);
      results.push(result);
      options.report?.(result);
    }
  }
  await Promise.all(Array.from({ length: FILES_AT_A_TIME }, () => takeFrom(together)));
  await takeFrom(alone);
  return results.sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** The last line of all: plain, for people and for programs. */
export function summaryLine(results: readonly SpecResult[]): string {
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  const skipped = results.reduce((sum, result) => sum + result.skipped, 0);
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function findSpecs(root: string, filters: readonly string[]): string[] {
  const folder = join(root, 'spec');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.spec.js'))
    .map((path) => join('spec', path))
    .filter((path) => filters.length === 0 || filters.some((filter) => path.includes(filter)))
    .filter((path) => !WHEN_ASKED.test(path) || filters.some((filter) => filter.includes('browser')))
    .sort();
}

async function runSpec(file: string, options: RunOptions): Promise<SpecResult> {
  const start = performance.now();
  const ending = await runProcess(file, options);
  const milliseconds = Math.round(performance.now() - start);
  const summary = readSummary(ending.output);
  const failure = whyFailed(ending, summary);
  const passed = summary?.passed ?? 0;
  // A file that fails as a whole counts as one failure at least, even if each test in it passed.
  const failed = Math.max((summary?.total ?? 0) - passed, failure === undefined ? 0 : 1);
  return { file, passed, failed, skipped: summary?.skipped ?? 0, milliseconds, failure, output: ending.output };
}

function runProcess(file: string, options: RunOptions): Promise<Ending> {
  const { limitMs = DEFAULT_LIMIT_MS, graceMs = DEFAULT_GRACE_MS } = options;
  return new Promise((settle) => {
    let output = '';
    let stopped: string | undefined;
    let grace: NodeJS.Timeout | undefined;
    const child: ChildProcess = spawn(
      process.execPath,
      ['--expose-gc', '--enable-source-maps', resolve(options.root, file)],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, FORCE_COLOR: '0' } },
    );
    const stopWithRunner = (): boolean => child.kill('SIGKILL');
    process.once('exit', stopWithRunner);
    const stop = (reason: string): void => {
      stopped ??= reason;
      child.kill('SIGKILL');
    };
    const limit = setTimeout(() => stop(`hung: still running after ${limitMs} ms`), limitMs);
    const collect = (chunk: string): void => {
      output = (output + chunk.replace(COLOURS, '')).slice(-OUTPUT_LIMIT);
      if (grace === undefined && CLOSING_LINES.test(output.slice(-OUTPUT_LIMIT / 10))) {
        grace = setTimeout(
          () => stop(`closed its suite but did not end within ${graceMs} ms: something it started still runs`),
          graceMs,
        );
      }
    };
    child.stdout?.setEncoding('utf8').on('data', collect);
    child.stderr?.setEncoding('utf8').on('data', collect);
    const end = (code: number | null, signal: NodeJS.Signals | null): void => {
      clearTimeout(limit);
      clearTimeout(grace);
      process.off('exit', stopWithRunner);
      settle({ code, signal, stopped, output });
    };
    child.once('error', (error) => {
      output += String(error);
      end(null, null);
    });
    child.once('exit', (code, signal) => setTimeout(end, DRAIN_MS, code, signal).unref());
    child.once('close', end);
  });
}

function readSummary(output: string): Summary | undefined {
  const [, total, passed, skipped] = CLOSING_LINES.exec(output) ?? [];
  return total === undefined ? undefined : { total: Number(total), passed: Number(passed), skipped: Number(skipped) };
}

function whyFailed({ code, signal, stopped }: Ending, summary: Summary | undefined): string | undefined {
  if (stopped !== undefined) return stopped;
  if (summary !== undefined && summary.passed !== summary.total)
    return `${summary.total - summary.passed} of ${summary.total} tests failed`;
  if (code !== 0) return `ended with ${signal ?? `code ${code}`}`;
  if (summary === undefined) return 'ended early: it left no closing lines';
  if (summary.total === 0 && summary.skipped === 0) return 'ran no test';
  return undefined;
}

function print({ file, passed, failed, skipped, milliseconds, failure, output }: SpecResult): void {
  const counts = [`${passed} passed`, failed > 0 && `${failed} failed`, skipped > 0 && `${skipped} skipped`];
  console.log(
    `${failure === undefined ? 'ok  ' : 'FAIL'} ${file}  ${counts.filter(Boolean).join(', ')}  ${milliseconds} ms`,
  );
  if (failure !== undefined) console.log(`     ${failure}\n${output.trimEnd().replace(/^/gm, '     | ')}`);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      serial: { type: 'boolean', default: false },
      limit: { type: 'string', default: String(DEFAULT_LIMIT_MS / 1000) },
      root: { type: 'string', default: '.build' },
    },
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  const start = performance.now();
  const results = await runSpecs({
    root: values.root,
    filters: positionals,
    serial: values.serial,
    limitMs: Number(values.limit) * 1000,
    report: print,
  });
  if (results.length === 0) console.log(`no spec below ${values.root} matches ${positionals.join(' ') || 'anything'}`);
  console.log(`${results.length} files, ${((performance.now() - start) / 1000).toFixed(1)} s`);
  console.log(summaryLine(results));
  if (results.length === 0 || results.some((result) => result.failure !== undefined)) process.exitCode = 1;
}

if (isProgram(import.meta.url)) await main();
