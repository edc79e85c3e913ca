import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import type { Scenarios } from './Scenarios.ts';
import { scenariosOf } from './scenariosOf.ts';
import { hasBrowser, TestBrowser } from './TestBrowser.ts';
import { type Serving, TestServer } from './TestServer.ts';

const test = suite('checkIsolation in a page');
const OPENER = 'Cross-Origin-Opener-Policy: same-origin';
const EMBEDDER = 'Cross-Origin-Embedder-Policy: require-corp or credentialless';
const EXPECTED: Readonly<Record<Serving, readonly string[]>> = {
  isolated: [],
  credentialless: [],
  plain: [OPENER, EMBEDDER],
  'without-opener': [OPENER],
  'without-embedder': [EMBEDDER],
};
let server: TestServer;
let browser: TestBrowser;

test.before(async () => {
  if (!hasBrowser) return;
  server = await TestServer.start(['page']);
  browser = await TestBrowser.launch();
});

test.after(async () => {
  await browser?.close();
  await server?.close();
});

for (const [serving, missing] of Object.entries(EXPECTED) as [Serving, string[]][]) {
  const title = `${serving}: names ${missing.length === 0 ? 'nothing' : missing.join(' and ')}`;
  if (!hasBrowser) {
    test.skip(`${title} (no Chromium)`);
    continue;
  }
  test(title, async () => {
    const page = await browser.open(server.url(serving));
    const isolation = await scenariosOf<Scenarios>(page).isolation();
    assert.is(isolation.isolated, missing.length === 0);
    assert.equal(isolation.missing, missing);
    for (const header of missing) assert.match(isolation.message, header);
    await page.close();
  });
}

test.run();
