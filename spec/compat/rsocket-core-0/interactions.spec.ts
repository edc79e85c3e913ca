/** Every interaction between rsocket-js 0.0.27 on our transports, the same on its own, and our own endpoint. */
import { flysocket } from '../../interop/flysocket.ts';
import { generation0 } from '../../interop/generation0.ts';
import type { Implementation } from '../../interop/Implementation.ts';
import { interactions } from '../../interop/interactions.ts';
import { suite } from '../../support/suite.ts';
import { overRings, overTcp, poolsAreQuiescent } from './flysocket0.ts';

const LINK = 'tcp';
/** So small that whatever is worth it comes in fragments. */
const smallRings = overRings({ ringCapacity: 4096 });
const rings = overRings();

const PAIRS: readonly (readonly [Implementation, Implementation, string])[] = [
  [rings, rings, ''],
  [smallRings, smallRings, ', small ones'],
  [overTcp, overTcp, ''],
  [overTcp, generation0, ''],
  [generation0, overTcp, ''],
  [overTcp, flysocket, ''],
  [flysocket, overTcp, ''],
];

for (const [client, server, remark] of PAIRS) {
  const test = suite(`${client.name} to ${server.name}${remark}`);
  for (const asking of ['client', 'server'] as const) interactions(test, { client, server, link: LINK }, asking);
  test('all memory has come back', poolsAreQuiescent);
  test.run();
}
