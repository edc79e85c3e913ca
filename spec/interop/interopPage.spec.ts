/** docs/interop.md names a test for each defect of a peer, and each test of a defect is named there. */
import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('the page about other implementations');
const page = readFileSync('docs/interop.md', 'utf8');
const DEFECTS = ['alpha3Defects.spec.ts', 'generation0Defects.spec.ts'];

function sourceOf(file: string): string {
  return readFileSync(`spec/interop/${file}`, 'utf8');
}

test('each test that is named is there', () => {
  const named = [...page.matchAll(/`(\w+\.spec\.ts)` "([^"]+)"/g)];
  assert.ok(named.length > 25, `${named.length} are named`);
  for (const [, file = '', title = ''] of named) {
    assert.ok(sourceOf(file).includes(title), `${file} has no "${title}"`);
  }
});

test('each test that shows a defect is named', () => {
  for (const file of DEFECTS) {
    for (const [, , title = ''] of sourceOf(file).matchAll(/^test\((['"])(.+?)\1,/gm)) {
      assert.ok(page.includes(`\`${file}\` "${title}"`), `the page does not name "${title}"`);
    }
  }
});

test.run();
