/** KEEPALIVE for real: short intervals, and lifetimes that end if it does not work. */
import { FrameFlag, FrameType } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { until } from '../tck/until.ts';
import { alpha3 } from './alpha3.ts';
import { flysocket } from './flysocket.ts';
import { item, textOf } from './Item.ts';
import { PAIRS } from './rivals.ts';
import { withEnds } from './withEnds.ts';

const test = suite('KEEPALIVE');
/** Many intervals to a lifetime, which a busy machine must not exceed. */
const clientSettings = { keepAliveMs: 20, lifetimeMs: 1000 };
const ROUNDS = 60;

test('each client asks its server whether it is there, beyond a lifetime', async () => {
  await Promise.all(
    PAIRS.map(({ client, server }) =>
      withEnds({ client, server, link: 'tcp', clientSettings, tapped: true }, async ({ client: end, tap }) => {
        const what = `${server.name} has answered ${client.name} often`;
        await until(() => (tap?.count('server', FrameType.KEEPALIVE) ?? 0) >= ROUNDS, what);
        assert.ok((tap?.count('client', FrameType.KEEPALIVE, FrameFlag.RESPOND) ?? 0) >= ROUNDS);
        assert.is(tap?.count('server', FrameType.KEEPALIVE, FrameFlag.RESPOND), 0);
        assert.is(textOf(await end.requestResponse(item('there')).response), 'there');
      }),
    ),
  );
});

test(`a server of ${alpha3.name} asks ${flysocket.name}`, () => {
  const serverSettings = { keepsAlive: true };
  const between = { client: flysocket, server: alpha3, link: 'tcp', clientSettings, serverSettings } as const;
  return withEnds({ ...between, tapped: true }, async ({ tap }) => {
    await until(() => (tap?.count('server', FrameType.KEEPALIVE, FrameFlag.RESPOND) ?? 0) >= 5, 'it asks');
    const answers = (): number =>
      (tap?.count('client', FrameType.KEEPALIVE) ?? 0) -
      (tap?.count('client', FrameType.KEEPALIVE, FrameFlag.RESPOND) ?? 0);
    await until(() => answers() >= 5, 'it is answered');
  });
});

test.run();
