/** Tells how many requests a page and its Web Worker exchange in a second: `node .build/spec/browser/measure.js`. */
import type { Scenarios } from './Scenarios.ts';
import { scenariosOf } from './scenariosOf.ts';
import { TestBrowser } from './TestBrowser.ts';
import { TestServer } from './TestServer.ts';

const ROUNDS = 3;
const REQUESTS = 10_240;

const server = await TestServer.start(['page', 'echo']);
const browser = await TestBrowser.launch();
for (let round = 0; round < ROUNDS; round++) {
  for (const serving of ['isolated', 'plain'] as const) {
    const page = await browser.open(server.url(serving));
    const scenarios = scenariosOf<Scenarios>(page);
    const transport = await scenarios.transport();
    const { alone, together } = await scenarios.roundTrips(REQUESTS);
    console.log(`${transport}: ${alone} requests a second one at a time, ${together} of 256 at a time`);
    await page.close();
  }
}
await browser.close();
await server.close();
