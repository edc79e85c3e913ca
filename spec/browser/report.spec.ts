import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { claims, everyFigure } from '../../bench/report/claims.ts';
import { Evidence } from '../../bench/report/Evidence.ts';
import { findRecords } from '../../bench/report/findRecords.ts';
import { bundlePage } from '../../bench/report/page/bundlePage.ts';
import { pageHtml } from '../../bench/report/page/pageHtml.ts';
import { suite } from '../support/suite.ts';
import { hasBrowser, TestBrowser } from './TestBrowser.ts';

const test = suite('report page');
const add = hasBrowser ? test : (name: string) => test.skip(`${name} (no Chromium)`);

const TIMEOUT_MS = 30_000;
/** The machine that the documentation tells of: of it there is all that can be drawn. */
const MACHINE = 'amd-zen4-2vcpu';
const FIGURES = everyFigure.length;
const DRAWN = `document.querySelectorAll('[data-figure] > svg').length`;
const WIDTHS = `[...document.querySelectorAll('[data-figure] > svg')].map((svg) => Number(svg.getAttribute('width')))`;
const PAPER = `getComputedStyle(document.body).backgroundColor`;

/** All tests look at one page, as it comes from the file system. */
let folder = '';
let browser: TestBrowser | undefined;
let page: Page;
const requests: string[] = [];
const errors: string[] = [];

add(
  'draws every figure from the file system alone, as wide as the page',
  async () => {
    folder = mkdtempSync(join(tmpdir(), 'bench-page-'));
    browser = await TestBrowser.launch();
    const evidence = new Evidence(findRecords('bench/record', MACHINE).records);
    const file = join(folder, 'index.html');
    writeFileSync(file, pageHtml({ evidence, claims, program: await bundlePage() }));
    page = await browser.newPage();
    page.on('request', (request) => requests.push(request.url()));
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => errors.push(message.text()));
    await page.goto(pathToFileURL(file).href);
    assert.is(await page.evaluate(DRAWN), FIGURES);
    assert.is(requests.length, 1);
    const wide = (await page.evaluate(WIDTHS)) as number[];
    assert.ok(wide.every((width) => width > 700));
    await page.setViewportSize({ width: 700, height: 900 });
    await page.waitForFunction(`${WIDTHS}.every((width) => width < 700)`);
  },
  { timeoutMs: TIMEOUT_MS },
);

add('answers the pointer with what was measured there', async () => {
  const dot = page.locator('[data-figure="headlines"] circle').first();
  await dot.scrollIntoViewIfNeeded();
  await dot.hover();
  const tip = page.locator('[data-figure="headlines"] [aria-label="tip"] text');
  await tip.waitFor();
  assert.match((await tip.textContent()) ?? '', /^\W*encode REQUEST_RESPONSE.*: [\d.]+x/);
});

add('is light or dark as the system is, or as the button says', async () => {
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await page.evaluate(PAPER);
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await page.evaluate(PAPER);
  assert.is.not(light, dark);
  await page.click('#theme');
  assert.is(await page.evaluate(PAPER), light);
  await page.click('#theme');
  assert.is(await page.evaluate(PAPER), dark);
});

add('tells every goal, and whether it is met', async () => {
  const verdicts = (await page.evaluate(
    `[...document.querySelectorAll('#goals + .table td:last-child')].map((cell) => cell.textContent)`,
  )) as string[];
  assert.ok(verdicts.length > 20, `${verdicts.length}`);
  for (const verdict of verdicts) assert.match(verdict, /^(met|missed: .+)$/);
});

add('asks for nothing and complains of nothing', () => {
  assert.is(requests.length, 1);
  assert.equal(errors, []);
});

test.after(async () => {
  await browser?.close();
  if (folder !== '') rmSync(folder, { recursive: true, force: true });
});

test.run();
