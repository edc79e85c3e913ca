import { suite } from '../support/suite.ts';
import { flysocket } from './flysocket.ts';
import { generation0 } from './generation0.ts';
import { interactions } from './interactions.ts';

const LINK = 'tcp';

for (const [client, server] of [
  [generation0, flysocket],
  [flysocket, generation0],
] as const) {
  const test = suite(`${client.name} to ${server.name} over ${LINK}`);
  for (const asking of ['client', 'server'] as const) interactions(test, { client, server, link: LINK }, asking);
  test.run();
}
