import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import type { BenchRecord } from '../../bench/harness/records/BenchRecord.ts';
import { suite } from '../support/suite.ts';

const test = suite('bench-your-codec');
const PROGRAM = fileURLToPath(new URL('../../examples/bench-your-codec/main.js', import.meta.url));
const TIMEOUT_MS = 60_000;

test(
  'every contender is measured, alone and in a service',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'bench-your-codec-'));
    try {
      const json = join(folder, 'run.json');
      const args = [PROGRAM, '--quick', '--json', json];
      const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: TIMEOUT_MS });
      assert.is(status, 0, stderr);
      const { results, ratios, failures } = JSON.parse(readFileSync(json, 'utf8')) as BenchRecord;
      assert.equal(failures, []);
      const codecs = results.filter(({ group }) => group === 'codec/there and back');
      assert.equal(
        codecs.map(({ contender }) => contender),
        ['yours', 'JSON', 'msgpackr'],
      );
      const services = results.filter(({ group }) => group === 'service/ticks over TCP');
      assert.equal(
        [...new Set(services.map(({ contender }) => contender))],
        ['yours, 16 in flight', 'yours, 2000/s', 'JSON, 16 in flight', 'JSON, 2000/s'],
      );
      assert.equal([...new Set(services.map(({ unit }) => unit))], ['requests/s', 'us p50', 'us p99', 'us p99.9']);
      for (const { contender, median } of results) assert.ok(median > 0, contender);
      assert.is(ratios.length, 3);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  { timeoutMs: TIMEOUT_MS },
);

test.run();
