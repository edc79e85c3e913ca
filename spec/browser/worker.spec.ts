/** Links between a page and its Web Workers: over rings where the page is cross-origin isolated, else over ports. */
import type { Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import type { Scenarios } from './Scenarios.ts';
import { scenariosOf } from './scenariosOf.ts';
import { hasBrowser, TestBrowser } from './TestBrowser.ts';
import { type Serving, TestServer } from './TestServer.ts';

const FORGOTTEN_CODE = 'ERR_FLYSOCKET_CONNECTION_CLOSED';
let server: TestServer;
let browser: TestBrowser;

for (const [serving, transport] of [
  ['isolated', 'ring'],
  ['plain', 'port'],
] as const) {
  const test = suite(`page and worker, ${serving}`);
  const add = hasBrowser ? test : (name: string) => test.skip(`${name} (no Chromium)`);
  const errors: string[] = [];
  let page: Page;
  let scenarios: Scenarios;

  test.before(async () => {
    if (!hasBrowser) return;
    server ??= await TestServer.start(['page', 'echo', 'throws', 'silent']);
    browser ??= await TestBrowser.launch();
    page = await browser.open(server.url(serving as Serving), errors);
    scenarios = scenariosOf<Scenarios>(page);
  });

  test.after(async () => {
    await page?.close();
    if (serving === 'isolated') return;
    await browser?.close();
    await server?.close();
  });

  add(`the link is a ${transport}`, async () => {
    assert.is(await scenarios.transport(), transport);
  });

  add('all four interactions', async () => {
    assert.equal(await scenarios.interactions(), {
      response: 'hello there',
      stream: true,
      channel: true,
      forgotten: '1',
    });
  });

  add('payloads from 64 KiB to a megabyte, byte for byte', async () => {
    assert.is(await scenarios.largePayloads(), true);
  });

  add('the worker calls the page', async () => {
    const answer = 'from the worker | m | 0,1,2 | 0,1,2,3,4 | and forget';
    assert.is(await scenarios.callBack(), answer);
  });

  add('a worker that does not read: bounded, and later all goes on', async () => {
    const { isBounded, isFull, goesOn, lost } = await scenarios.backPressure();
    assert.equal({ isBounded, isFull, goesOn, lost }, { isBounded: true, isFull: true, goesOn: true, lost: 0 });
  });

  add('a worker that is terminated', async () => {
    assert.equal(await scenarios.terminate(), ['ERR_FLYSOCKET_PEER_DIED', 'ERR_FLYSOCKET_PEER_DIED', FORGOTTEN_CODE]);
  });

  add('a link that is closed', async () => {
    assert.equal(await scenarios.close(), ['in order', FORGOTTEN_CODE]);
  });

  add('a page links two of its workers', async () => {
    assert.equal(await scenarios.introduce(), ['hello from a worker', 'hello from a worker']);
  });

  add('workers that cannot be loaded, or fail before they accept', async () => {
    const died = 'ERR_FLYSOCKET_PEER_DIED';
    assert.equal(await scenarios.brokenWorkers(), [died, died]);
  });

  add('a worker that accepts nothing', async () => {
    assert.is(await scenarios.silentWorker(), 'ERR_FLYSOCKET_LINK_TIMEOUT');
  });

  add('rings are to be had in isolation alone', async () => {
    const expected = serving === 'isolated' ? 'no error' : 'ERR_FLYSOCKET_NOT_ISOLATED';
    assert.is(await scenarios.wantsRing(), expected);
  });

  add('the thread of a page does not block', async () => {
    assert.is(await scenarios.block(), 'ERR_FLYSOCKET_MAY_NOT_BLOCK');
  });

  add('what the page loads has nothing of Node', () => {
    for (const [name, text] of server.programs) assert.not.match(text, /['"]node:|\bBuffer\b/, name);
  });

  add('no error went unheard', () => {
    assert.equal(errors, []);
  });

  test.run();
}
