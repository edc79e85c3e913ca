/** Every program in the README, the guide and the other pages is compiled, runs, and prints what the page says. */
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { type Ending, runSection } from './runSection.ts';
import { type Sample, samplesIn } from './samplesIn.ts';

const test = suite('samples');

const FOLDER = join('.build', 'samples');
const SECTIONS_AT_A_TIME = 3;
const COMPILE_TIMEOUT_MS = 30_000;
const GUIDE = join('docs', 'guide');
const PAGES = ['README.md']
  .concat(['migrate-from-piscina.md', 'migrate-from-rsocket-js.md', 'security.md'].map((name) => join('docs', name)))
  .concat(readdirSync(GUIDE).map((name) => join(GUIDE, name)));

interface Section {
  readonly page: string;
  readonly folder: string;
  readonly samples: Sample[];
}

/** As for the library itself. Programs need not spell out the types of what they export. */
const TSCONFIG = {
  extends: '../../tsconfig.json',
  compilerOptions: {
    rootDir: '../..',
    noEmit: true,
    isolatedDeclarations: false,
    declaration: false,
  },
  // Their own declarations come with the library's sources.
  include: ['**/*.ts', '../../workers/*.d.ts'],
  exclude: [],
};

/** The types of what a page in a browser has, as far as samples use it. */
const DOCUMENT = 'declare const document: { readonly body: { append(text: string): void } };';

function sectionsOf(page: string): Section[] {
  const sections = new Map<string, Section>();
  for (const sample of samplesIn(page)) {
    const { section } = sample;
    const folder = join(FOLDER, basename(page, '.md'), String(sections.size + 1));
    if (!sections.has(section)) sections.set(section, { page, folder, samples: [] });
    sections.get(section)?.samples.push(sample);
  }
  return [...sections.values()];
}

/** @returns what is wrong with the types, nothing if all is well */
function checkTypes(): Promise<string> {
  writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  writeFileSync(join(FOLDER, 'document.d.ts'), DOCUMENT);
  const compiler = join('node_modules', 'typescript', 'bin', 'tsc');
  const options = { timeout: COMPILE_TIMEOUT_MS };
  return new Promise((resolve) => {
    execFile(process.execPath, [compiler, '-p', FOLDER], options, (error, stdout) => {
      resolve(error === null ? '' : stdout || error.message);
    });
  });
}

function writeSamples({ folder, samples }: Section): void {
  mkdirSync(folder, { recursive: true });
  for (const { file, source } of samples) writeFileSync(join(folder, file), source);
}

rmSync(FOLDER, { recursive: true, force: true });
const sections = PAGES.flatMap(sectionsOf);
sections.forEach(writeSamples);

const endings: Promise<Ending[]>[] = [];
const queue = [...sections];

async function runThem(): Promise<void> {
  for (let section = queue.shift(); section !== undefined; section = queue.shift()) {
    const { samples, folder } = section;
    const ran = runSection(samples, folder);
    endings[sections.indexOf(section)] = ran;
    await ran.catch(() => {});
  }
}

const typesChecked = checkTypes();
await Promise.all(Array.from({ length: SECTIONS_AT_A_TIME }, runThem));

test(
  'compile',
  async () => {
    assert.is(await typesChecked, '');
  },
  { timeoutMs: COMPILE_TIMEOUT_MS },
);

sections.forEach(({ page, samples }, index) => {
  const [first] = samples as [Sample];
  test(`${page}:${first.line} ${first.section}`, async () => {
    for (const { sample, code, stdout, stderr } of (await endings[index]) as Ending[]) {
      const name = `${page}:${sample.line} ${sample.file}`;
      assert.is(stderr, '', `${name} complains`);
      assert.is(code, 0, `${name} fails`);
      assert.ok(sample.output !== undefined, `the page does not say what ${name} prints`);
      assert.is(stdout, sample.output, name);
    }
  });
});

test.run();
