import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('model of the drain queue');

const MODEL = resolve('spec/model/drainQueue.pml');
const isRunnable = ['spin', 'gcc'].every((tool) => spawnSync(tool, ['-V']).error === undefined);

interface Configuration {
  readonly name: string;
  readonly defines: readonly string[];
}

const CORRECT: readonly Configuration[] = [
  { name: 'three threads, two places', defines: [] },
  { name: 'a holder is taken for dead, and may only have slept', defines: ['THREADS=2', 'TAKEOVERS=1'] },
  { name: 'that twice, with one place', defines: ['THREADS=2', 'TAKEOVERS=2', 'UNITS=1'] },
  { name: 'a thread dies anywhere', defines: ['THREADS=2', 'TAKEOVERS=1', 'DEATHS=1'] },
  { name: 'a producer dies and its claim is revoked', defines: ['THREADS=2', 'DEATHS=1', 'REVOCATIONS=1'] },
  { name: 'a slow producer is revoked', defines: ['THREADS=2', 'REVOCATIONS=1', 'TAKEOVERS=1', 'UNITS=1'] },
];

const FAULTY: readonly Configuration[] = [
  { name: 'no second look after release', defines: ['NO_RECHECK'] },
  { name: 'a takeover that leaves the head as it was', defines: ['NO_FENCE', 'THREADS=2', 'TAKEOVERS=1'] },
  { name: 'a loser that decides by what it saw before its commit', defines: ['GUESS_LOST', 'THREADS=2'] },
  {
    name: 'a commit that does not look whether it was revoked',
    defines: ['BLIND_COMMIT', 'THREADS=2', 'REVOCATIONS=1'],
  },
  { name: 'a tail moved before the entry is written', defines: ['TAIL_FIRST', 'THREADS=2', 'DEATHS=1'] },
];

/** Errors that spin finds in all interleavings of the model: 0, or 1 as it stops at the first. */
function errorsOf(defines: readonly string[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'flysocket-model-'));
  try {
    cpSync(MODEL, join(folder, 'model.pml'));
    const run = (command: string, args: readonly string[]): string => {
      const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8', timeout: 60_000 });
      if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stdout}${stderr}`);
      return stdout;
    };
    run('spin', ['-a', ...defines.map((define) => `-D${define}`), 'model.pml']);
    run('gcc', ['-O1', '-w', '-DSAFETY', '-o', 'pan', 'pan.c']);
    const report = run('./pan', ['-m10000']);
    const [, depthExceeded] = /(max search depth too small)/.exec(report) ?? [];
    assert.is(depthExceeded, undefined);
    const [, errors] = /errors: (\d+)/.exec(report) ?? [];
    assert.ok(errors !== undefined, report);
    return Number(errors);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (isRunnable) {
  for (const { name, defines } of CORRECT) {
    test(`holds: ${name}`, () => assert.is(errorsOf(defines), 0), { timeoutMs: 60_000 });
  }
  for (const { name, defines } of FAULTY) {
    test(`spin finds the seeded fault: ${name}`, () => assert.is(errorsOf(defines), 1), { timeoutMs: 60_000 });
  }
} else {
  test.skip('spin and gcc are needed', () => {});
}

test.run();
