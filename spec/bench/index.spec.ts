import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('bench/harness');
const HARNESS = 'bench/harness';
const PACKAGES = ['tinybench'];

test('the harness needs Node, tinybench and itself', () => {
  const files = readdirSync(HARNESS, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  assert.ok(files.length > 20);
  const strangers: string[] = [];
  for (const file of files.map((path) => path.replaceAll('\\', '/'))) {
    const text = readFileSync(join(HARNESS, file), 'utf8');
    for (const [, specifier = ''] of text.matchAll(/(?:from|import\() ?'([^']+)'/g)) {
      const target = specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : specifier;
      const isOwn = specifier.startsWith('.') && !target.startsWith('..');
      if (!isOwn && !specifier.startsWith('node:') && !PACKAGES.includes(specifier))
        strangers.push(`${file}: ${specifier}`);
    }
  }
  assert.equal(strangers, []);
});

test.run();
