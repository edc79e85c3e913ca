import { suite } from '../support/suite.ts';
import { alpha3 } from './alpha3.ts';
import { flysocket } from './flysocket.ts';
import { interactions } from './interactions.ts';

const LINK = 'ws';

for (const [client, server] of [
  [alpha3, flysocket],
  [flysocket, alpha3],
] as const) {
  const test = suite(`${client.name} to ${server.name} over ${LINK}`);
  for (const asking of ['client', 'server'] as const) interactions(test, { client, server, link: LINK }, asking);
  test.run();
}
