/**
 * Runs the model checker Spin over ring.pml, where `spin` and `gcc` are installed. That the right protocol passes says
 * something only because each seeded mistake is found.
 */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const MODEL = resolve('spec/model/ring.pml');
const TIMEOUT_MS = 60_000;
/** Deeper than any run of the model is; Spin says so if not. */
const SEARCH_DEPTH = 100_000;

const run = promisify(execFile);
const test = suite('model of the ring');

const RIGHT: readonly (readonly string[])[] = [
  [],
  ['-DDIES'],
  ['-DRINGS=2', '-DMESSAGES=1'],
  ...(process.env['FLYSOCKET_STRESS'] === undefined
    ? []
    : [['-DRINGS=2', '-DMESSAGES=1', '-DDIES'], ['-DRINGS=2', '-DMESSAGES=2'], ['-DMESSAGES=8']]),
];

const WRONG: readonly { readonly mistake: string; readonly flags: readonly string[]; readonly found: RegExp }[] = [
  { mistake: 'looking at the sleep flag before the tail is stored', flags: ['-DBUG=1'], found: /invalid end state/ },
  { mistake: 'no second look after declaring sleep', flags: ['-DBUG=2'], found: /invalid end state/ },
  { mistake: 'waiting for an answer without a flush', flags: ['-DBUG=3'], found: /invalid end state/ },
  { mistake: 'a claim that does not count its padding', flags: ['-DBUG=4'], found: /assertion violated/ },
  { mistake: 'closing before the last flush', flags: ['-DBUG=5'], found: /assertion violated/ },
  { mistake: 'closing without a wake', flags: ['-DBUG=6'], found: /invalid end state/ },
  { mistake: 'giving space back before it is read', flags: ['-DBUG=7'], found: /assertion violated/ },
  { mistake: 'publishing before the record is written', flags: ['-DBUG=8'], found: /assertion violated/ },
  { mistake: 'an unbounded sleep beside a mortal producer', flags: ['-DDIES', '-DBUG=9'], found: /invalid end state/ },
  {
    mistake: 'no second look, with two producers',
    flags: ['-DRINGS=2', '-DMESSAGES=1', '-DBUG=2'],
    found: /invalid end/,
  },
];

function isInstalled(program: string, versionFlag: string): boolean {
  return spawnSync(program, [versionFlag], { timeout: TIMEOUT_MS }).status === 0;
}

/** What the verifier made of the model with these flags says. */
async function verify(flags: readonly string[]): Promise<string> {
  const cwd = mkdtempSync(join(tmpdir(), 'flysocket-model-'));
  try {
    await run('spin', [...flags, '-a', MODEL], { cwd, timeout: TIMEOUT_MS });
    await run('gcc', ['-O0', '-DSAFETY', '-o', 'pan', 'pan.c'], { cwd, timeout: TIMEOUT_MS });
    const { stdout } = await run(join(cwd, 'pan'), [`-m${SEARCH_DEPTH}`], { cwd, timeout: TIMEOUT_MS * 10 });
    assert.not.match(stdout, /max search depth too small|out of memory/);
    return stdout;
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

test('looks for every mistake that the model can make', () => {
  const seeded = [...readFileSync(MODEL, 'utf8').matchAll(/BUG [!=]= (\d+)/g)].map((match) => match[1]);
  const lookedFor = WRONG.flatMap(({ flags }) => flags.map((flag) => /^-DBUG=(\d+)$/.exec(flag)?.[1]));
  for (const bug of seeded) assert.ok(bug === '0' || lookedFor.includes(bug), `nothing looks for BUG ${bug}`);
  assert.is(new Set(seeded).size, 9);
});

if (isInstalled('spin', '-V') && isInstalled('gcc', '--version')) {
  for (const flags of RIGHT) {
    test(
      `is right in every interleaving: ${flags.join(' ') || 'one ring'}`,
      async () => {
        const report = await verify(flags);
        assert.match(report, /errors: 0/);
      },
      { timeoutMs: TIMEOUT_MS * 10 },
    );
  }
  for (const { mistake, flags, found } of WRONG) {
    test(
      `finds ${mistake}`,
      async () => {
        const report = await verify(flags);
        assert.match(report, /errors: 1/);
        assert.match(report, found);
      },
      { timeoutMs: TIMEOUT_MS },
    );
  }
} else {
  test.skip('needs spin and gcc');
}

test.run();
