import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('serializers');
const PROGRAM = fileURLToPath(new URL('../../examples/serializers/main.js', import.meta.url));
const TIMEOUT_MS = 20_000;

test(
  'each serializer carries an order in its own way',
  () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM], {
      encoding: 'utf8',
      timeout: TIMEOUT_MS,
    });
    assert.is(status, 0, stderr);
    assert.equal(stdout.trimEnd().split('\n'), [
      'as it comes: bigint 7, total 42.5, ordered on a Date',
      'cbor-x: bigint 7, total 42.5, ordered on a Date',
      'JSON: string 7, total 42.5, ordered on a String',
    ]);
  },
  { timeoutMs: TIMEOUT_MS },
);

test.run();
