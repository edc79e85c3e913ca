import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import * as assert from 'uvu/assert';
import { FLOORS, roomsIn } from '../../tools/rooms.ts';
import { suite } from '../support/suite.ts';
import { type Sample, samplesIn } from './samplesIn.ts';

const test = suite('README');

const README = readFileSync('README.md', 'utf8');
const FENCED = /^```(\w*)\n([\s\S]*?)^```$/gm;
/** How long the example may take, in milliseconds; it takes a fifth of a second. */
const EXAMPLE_TIMEOUT_MS = 8_000;

/** What stands between fences of that language, in order. */
function blocks(language: string): string[] {
  return [...README.matchAll(FENCED)].filter(([, found]) => found === language).map(([, , text]) => text as string);
}

function shown(file: string): Sample {
  return samplesIn('README.md').find((sample) => sample.file === file) as Sample;
}

test('shows the files of the example as they are', () => {
  for (const file of ['worker.ts', 'main.ts']) {
    assert.is(shown(file).source, readFileSync(`examples/hello/${file}`, 'utf8'));
  }
});

test('says what the example prints', async () => {
  const program = ['.build/examples/hello/main.js'];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, program, { timeout: EXAMPLE_TIMEOUT_MS });
  assert.is(stderr, '');
  assert.is(stdout, shown('main.ts').output);
});

test('begins with what it is in five lines, then the two commands', () => {
  const [title, , ...lines] = README.split('\n') as [string, ...string[]];
  assert.is(title, '# flysocket');
  assert.is(lines.indexOf(''), 5);
  const commands = [lines[6], lines[7]].map((line) => line?.replace(/#.*/, '').trim());
  assert.equal(commands, ['npm ci && npm start', 'npm ci && npm test']);
});

test('names no command that package.json does not have', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const named = [...README.matchAll(/\bnpm (?:run ([\w:-]+)|(start|test)\b)/g)].map(([, run, own]) => run ?? own);
  assert.ok(named.length >= 4, 'the commands were not found');
  const missing = named.filter((name) => !((name as string) in scripts));
  assert.equal(missing, []);
});

test('draws the rooms that there are, from the ground up', () => {
  const tower = blocks('').find((text) => text.includes('flyweight')) as string;
  const floors = tower.split(/^ +\d .*$/m).slice(1);
  const drawn = floors.reverse().map((floor) => [...floor.matchAll(/[|] +([\w-]+) +(?=[|])/g)].map(([, room]) => room));
  const highest = Math.max(...roomsIn('.').map((room) => FLOORS[room] as number));
  const there = Array.from({ length: highest + 1 }, (_, floor) =>
    roomsIn('.').filter((room) => FLOORS[room] === floor),
  );
  const inhabited = there.filter((rooms) => rooms.length > 0);
  assert.equal(drawn, inhabited);
});

test.run();
