import { FrameFlag, FrameType } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { assertBytes, bytesOf } from '../tck/samplePayloads.ts';
import { until } from '../tck/until.ts';
import { alpha3 } from './alpha3.ts';
import { flysocket } from './flysocket.ts';
import { generation0 } from './generation0.ts';
import type { Implementation, ServerSettings } from './Implementation.ts';
import { type Item, item } from './Item.ts';
import { itemsPublisher } from './publishers.ts';
import { ReceivedItems } from './ReceivedItems.ts';
import { RIVALS } from './rivals.ts';
import { type Ends, withEnds } from './withEnds.ts';

const test = suite('fragments');
const SIZES = [64, 65, 1000, 16_384];
/** Counted without the header: its frames then have the 61 bytes that a fragment must have. */
const SHORTEST_OF_ALPHA3 = 55;
/** A SETUP must fit one frame. */
const SHORT_TYPES = { dataMimeType: 'a/b', metadataMimeType: 'c/d' };

const ITEMS: readonly Item[] = [
  item(bytesOf(1, 20_000)),
  item(bytesOf(2, 20_000), 'metadata'),
  item(bytesOf(3, 20_000), bytesOf(4, 10_000)),
  item('data', bytesOf(5, 20_000)),
];
/** No fragment at all has data. */
const METADATA_ALONE = item('', bytesOf(6, 20_000));

function between(
  client: Implementation,
  server: Implementation,
  fragmentSize: number,
  serverSettings: ServerSettings = {},
): Parameters<typeof withEnds>[0] {
  return {
    client,
    server,
    link: 'tcp',
    clientSettings: { ...SHORT_TYPES, fragmentSize },
    serverSettings,
    tapped: true,
  };
}

for (const rival of RIVALS) {
  test(`${rival.name} puts together what we send in fragments of any size`, async () => {
    for (const size of SIZES) {
      await withEnds(between(flysocket, rival, size), (ends) => eachInteraction(ends, [...ITEMS, METADATA_ALONE]));
    }
  });

  test(`${rival.name} puts our answers together`, async () => {
    for (const size of SIZES) {
      await withEnds(between(rival, flysocket, 0, { fragmentSize: size }), async ({ client, tap }) => {
        for (const sent of [...ITEMS, METADATA_ALONE]) {
          const { data, metadata } = await client.requestResponse(sent).response;
          assertBytes(data, sent.data);
          assertBytes(metadata, sent.metadata);
        }
        assert.ok((tap?.count('server', FrameType.PAYLOAD, FrameFlag.FOLLOWS) ?? 0) > 0);
      });
    }
  });
}

test(`we put together what ${alpha3.name} sends in fragments of any size`, async () => {
  for (const size of [SHORTEST_OF_ALPHA3, ...SIZES]) {
    await withEnds(between(alpha3, flysocket, size), (ends) => eachInteraction(ends, ITEMS));
  }
});

for (const [client, server] of [
  [flysocket, alpha3],
  [flysocket, generation0],
  [alpha3, flysocket],
] as const) {
  test(`fragments from ${client.name} to ${server.name} over WebSocket`, () =>
    withEnds({ ...between(client, server, 100), link: 'ws', tapped: false }, (ends) => eachInteraction(ends, ITEMS)));
}

test(`we give up what ${alpha3.name} has begun to send, and go on`, () =>
  withEnds(between(alpha3, flysocket, 64), async ({ client, server }) => {
    const received = new ReceivedItems();
    const channel = client.requestChannel(itemsPublisher(ITEMS), 10, received);
    channel.cancel();
    const sent = ITEMS[2] as Item;
    assertBytes((await client.requestResponse(sent).response).data, sent.data);
    assert.is(server.log.failures.length, 0);
  }));

/** Sends `items` in each way there is, and finds that they arrive. */
async function eachInteraction({ client, server, tap }: Ends, items: readonly Item[]): Promise<void> {
  for (const sent of items) {
    assertBytes((await client.requestResponse(sent).response).data, sent.data);
    client.fireAndForget(sent);
    const stream = new ReceivedItems();
    client.requestStream(sent, 1000, stream);
    assert.is(await stream.ended, undefined);
  }
  await until(() => server.log.fireAndForgets.length === items.length, 'all have come');
  for (const [i, received] of server.log.fireAndForgets.entries()) {
    assertBytes(received.data, items[i]?.data);
    assertBytes(received.metadata, items[i]?.metadata);
  }
  const channel = new ReceivedItems();
  client.requestChannel(itemsPublisher(items), 1000, channel);
  assert.is(await channel.ended, undefined);
  assert.is(channel.items.length, items.length);
  for (const [i, received] of channel.items.entries()) assertBytes(received.data, items[i]?.data);
  if (tap !== undefined) assert.ok(tap.count('client', FrameType.PAYLOAD, FrameFlag.FOLLOWS) > 0);
}

test.run();
