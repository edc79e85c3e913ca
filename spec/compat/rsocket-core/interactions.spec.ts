import { alpha3 } from '../../interop/alpha3.ts';
import { flysocket } from '../../interop/flysocket.ts';
import { interactions } from '../../interop/interactions.ts';
import { suite } from '../../support/suite.ts';
import { compatAlpha3, shmAlpha3 } from './compatAlpha3.ts';

const shm = shmAlpha3();

for (const [client, server, link] of [
  [shm, shm, 'tcp'],
  [compatAlpha3, compatAlpha3, 'tcp'],
  [compatAlpha3, compatAlpha3, 'ws'],
  [compatAlpha3, flysocket, 'tcp'],
  [flysocket, compatAlpha3, 'tcp'],
  [compatAlpha3, flysocket, 'ws'],
  [flysocket, compatAlpha3, 'ws'],
  [compatAlpha3, alpha3, 'tcp'],
  [alpha3, compatAlpha3, 'tcp'],
  [compatAlpha3, alpha3, 'ws'],
  [alpha3, compatAlpha3, 'ws'],
] as const) {
  const test = suite(`${client.name} to ${server.name}${client === shm ? '' : ` over ${link}`}`);
  // Between two editions of one library, what either side asks is the same.
  const askings = client === alpha3 || server === alpha3 ? (['client'] as const) : (['client', 'server'] as const);
  for (const asking of askings) interactions(test, { client, server, link }, asking);
  test.run();
}
