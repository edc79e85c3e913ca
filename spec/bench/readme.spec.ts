import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import * as assert from 'uvu/assert';
import { parseBenchArguments } from '../../bench/harness/program/parseBenchArguments.ts';
import type { BenchRecord } from '../../bench/harness/records/BenchRecord.ts';
import { suite } from '../support/suite.ts';

const test = suite('bench/README.md');
const TIMEOUT_MS = 30_000;
const README = readFileSync('bench/README.md', 'utf8');

test(
  'its program measures',
  () => {
    const [, sample = ''] = /```ts\n(.*?)```/s.exec(README) ?? [];
    const folder = join('.build', 'bench-readme');
    mkdirSync(folder, { recursive: true });
    try {
      const program = join(folder, 'main.mjs');
      writeFileSync(program, transformSync(sample, { loader: 'ts', format: 'esm' }).code);
      const args = [program, '--quick', '--json'];
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: TIMEOUT_MS });
      assert.is(status, 0, stderr);
      const { results } = JSON.parse(stdout) as BenchRecord;
      assert.equal(
        results.map(({ group, contender }) => `${group} ${contender}`),
        ['codec/encode JSON'],
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  { timeoutMs: TIMEOUT_MS },
);

test('every argument that it names is one', () => {
  const named = [...README.matchAll(/^\| `(--[a-z]+)(?: NAME\[,NAME\])?/gm)].map(([, option]) => option as string);
  assert.ok(named.length >= 7, named.join(' '));
  for (const option of named) parseBenchArguments(option === '--only' ? [option, 'a'] : [option]);
});

test.run();
