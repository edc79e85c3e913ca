/** What `dist/browser/` holds: all that runs in a browser, and nothing of Node. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as assert from 'uvu/assert';
import { browserRoomsIn } from '../../tools/rooms.ts';
import { suite } from '../support/suite.ts';

const test = suite('the browser build');
const FOLDER = 'dist/browser';
/** What only Node has. (For setImmediate some code asks first whether it is there.) */
const OF_NODE = /['"]node:|\bBuffer\b|\bprocess\.|\bworker_threads\b/g;
const COMMENTS = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;

const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.js'));
const rooms = browserRoomsIn('.');

test('has nothing that only Node has', () => {
  assert.ok(files.length > rooms.length);
  for (const path of files) {
    const code = readFileSync(join(FOLDER, path), 'utf8').replaceAll(COMMENTS, '');
    assert.equal(code.match(OF_NODE) ?? [], [], path);
  }
});

test('has every room that has no need of Node', () => {
  for (const room of ['flyweight', 'pool', 'counters', 'codec', 'transport', 'core', 'shm-transport']) {
    assert.ok(rooms.includes(`${room}/index.ts`) || rooms.includes(`${room}/browser.ts`), room);
  }
  assert.not(rooms.some((entrance) => entrance.startsWith('tcp-transport/')));
  for (const entrance of rooms) assert.ok(existsSync(join(FOLDER, entrance.replace(/\w+\.ts$/, 'index.js'))), entrance);
});

test('gives what Node is given, where a room has no entrance of its own for browsers', async () => {
  for (const entrance of rooms.filter((path) => path.endsWith('/index.ts'))) {
    const file = entrance.replace(/\.ts$/, '.js');
    const [node, browser] = await Promise.all([namesIn(join('dist', file)), namesIn(join(FOLDER, file))]);
    assert.equal(browser, node, entrance);
  }
});

test('has each class once', () => {
  const code = files.map((path) => readFileSync(join(FOLDER, path), 'utf8')).join('\n');
  for (const name of ['RSocketError', 'DirectBuffer', 'PayloadFlyweight', 'BufferPool']) {
    assert.is(code.match(new RegExp(`\\b${name} = class\\b|\\bclass ${name}\\b`, 'g'))?.length, 1, name);
  }
});

test('package.json leads browsers to it', () => {
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    exports: Record<string, string | { browser?: string; default: string }>;
  };
  const led = Object.values(exports).flatMap((target) => (typeof target === 'string' ? [] : [target]));
  for (const entrance of rooms) {
    const file = entrance.replace(/\w+\.ts$/, 'index.js');
    const target = led.find(({ default: main }) => main === `./dist/${file}`);
    assert.is(target?.browser, `./${FOLDER}/${file}`);
  }
  for (const { browser, default: main } of led) {
    if (browser === undefined) continue;
    const keys = Object.keys(led.find((target) => target.default === main) as object);
    assert.ok(keys.indexOf('browser') < keys.indexOf('default'), `${main} would be taken first`);
  }
});

async function namesIn(file: string): Promise<string[]> {
  return Object.keys((await import(pathToFileURL(resolve(file)).href)) as object).sort();
}

test.run();
