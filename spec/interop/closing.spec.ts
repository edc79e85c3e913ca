/** What each side does when the other ends the connection, in good order or not. */
import { FrameType } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { until } from '../tck/until.ts';
import type { FlysocketEnd } from './flysocket.ts';
import { item, textOf } from './Item.ts';
import { itemsPublisher } from './publishers.ts';
import { ReceivedItems } from './ReceivedItems.ts';
import { LINKS, PAIRS } from './rivals.ts';
import { withEnds } from './withEnds.ts';

for (const { client, server, rival } of PAIRS) {
  const test = suite(`the end of ${client.name} to ${server.name}`);
  const ourSide = rival === client ? 'server' : 'client';
  const theirSide = rival === client ? 'client' : 'server';

  for (const link of LINKS) {
    test(`they close it over ${link}: what we have asked fails, what we answer is told`, () =>
      withEnds({ client, server, link }, async ({ [ourSide]: ours, [theirSide]: theirs }) => {
        const asked = ours.requestResponse(item('never')).response.then(textOf, (error) => error.code);
        const stream = new ReceivedItems();
        theirs.requestStream(item('10'), 1, stream);
        const channel = new ReceivedItems();
        theirs.requestChannel(itemsPublisher([item('1'), item('2')]), 1, channel);
        await until(() => stream.items.length === 1 && channel.items.length === 1, 'both run');
        theirs.close();
        assert.match(await asked, /^ERR_FLYSOCKET_CONNECTION_(CLOSED|LOST)$/);
        await ours.closed;
        await until(() => ours.log.cancels + ours.log.failures.length === 2, 'what we answer knows');
      }));

    test(`we close it over ${link} while nothing runs`, () =>
      withEnds({ client, server, link }, async ({ [ourSide]: ours, [theirSide]: theirs }) => {
        assert.is(textOf(await theirs.requestResponse(item('1')).response), '1');
        await (ours as FlysocketEnd).peer.close();
        assert.is(await ours.closed, undefined);
      }));

    test(`we break it off over ${link}: what they answer is told at the latest when they send`, () =>
      withEnds({ client, server, link }, async ({ [ourSide]: ours, [theirSide]: theirs }) => {
        const stream = new ReceivedItems();
        ours.requestStream(item('10'), 1, stream);
        await until(() => stream.items.length === 1, 'it runs');
        (ours as FlysocketEnd).peer.destroy();
        assert.instance(await stream.ended, Error);
        // Over WebSocket, a server of theirs may learn it no earlier than that.
        theirs.requestResponse(item('still there?')).response.catch(() => {});
        await theirs.closed;
      }));
  }

  test('we ask for the end with CONNECTION_CLOSE: they close at once', () =>
    withEnds({ client, server, link: 'tcp', tapped: true }, async ({ [ourSide]: ours, [theirSide]: theirs, tap }) => {
      const stream = new ReceivedItems();
      ours.requestStream(item('10'), 1, stream);
      await until(() => stream.items.length === 1, 'it runs');
      const closing = (ours as FlysocketEnd).peer.close({ deadlineMs: 60_000 });
      await Promise.all([closing, theirs.closed]);
      assert.is(tap?.count(ourSide, FrameType.ERROR), 1);
      assert.instance(await stream.ended, Error);
    }));

  test.run();
}
