/** Every interaction, asked by one implementation and answered by another. */
import * as assert from 'uvu/assert';
import type { GuardedSuite } from '../support/suite.ts';
import { assertBytes, assertNumbers, bytesOf } from '../tck/samplePayloads.ts';
import { until } from '../tck/until.ts';
import { errorCodeOf, errorMessageOf } from './errorCodeOf.ts';
import type { End, Implementation } from './Implementation.ts';
import { type Item, item, textOf } from './Item.ts';
import { itemsPublisher } from './publishers.ts';
import { ReceivedItems } from './ReceivedItems.ts';
import { type Between, type Ends, withEnds } from './withEnds.ts';

const APPLICATION_ERROR = 0x201;
const OWN_CODE = 0x301;

/** What travels, by its kind. The large ones need several segments, reads and WebSocket messages of their own. */
const ITEMS: Readonly<Record<string, Item>> = {
  'nothing at all': item(),
  data: item('data'),
  'metadata and data': item('data', 'metadata'),
  'metadata alone': item('', 'metadata'),
  'empty metadata': item('data', ''),
  'text beyond ASCII': item('日本語 ünd 🦊', 'ключ'),
  'every byte': item(
    new Uint8Array(256).map((_, i) => i),
    new Uint8Array(256).map((_, i) => 255 - i),
  ),
  '64 KiB': item(bytesOf(1, 65_536), 'metadata'),
  '300 KiB': item(bytesOf(2, 300 * 1024)),
  '300 KiB of metadata': item('data', bytesOf(3, 300 * 1024)),
};

/** Which side of the connection asks. */
export type Asking = 'client' | 'server';

interface Scene {
  readonly asker: End;
  readonly answerer: End;
}

export function interactions(test: GuardedSuite<Record<string, unknown>>, between: Between, asking: Asking): void {
  const asker = between[asking];
  const answerer = between[asking === 'client' ? 'server' : 'client'];
  const define = (title: string, body: (scene: Scene) => Promise<void>): void => {
    const scene = (ends: Ends): Scene => ({
      asker: ends[asking],
      answerer: ends[asking === 'client' ? 'server' : 'client'],
    });
    test(`the ${asking} asks: ${title}`, () => withEnds(between, (ends) => body(scene(ends))));
  };
  requestResponse(define, asker, answerer);
  oneWay(define, asker, answerer);
  requestStream(define, asker, answerer);
  requestChannel(define, asker, answerer);
}

type Define = (title: string, body: (scene: Scene) => Promise<void>) => void;

function requestResponse(define: Define, asker: Implementation, answerer: Implementation): void {
  define('a response brings back data and metadata of every kind', async (scene) => {
    for (const [kind, sent] of Object.entries(ITEMS)) {
      assertItem(await scene.asker.requestResponse(sent).response, echoed(sent, asker, answerer), kind);
    }
  });

  define('an error instead of a response', async (scene) => {
    const error = await failureOf(scene.asker.requestResponse(item(`error:${OWN_CODE}:no, not ünd`)).response);
    assertError(error, answerer, 'no, not ünd');
    assert.is(textOf(await scene.asker.requestResponse(item('after')).response), 'after');
  });

  define('a request that is given up', async (scene) => {
    const { response, cancel } = scene.asker.requestResponse(item('never'));
    response.catch(() => {});
    await scene.asker.requestResponse(item('arrived')).response;
    cancel();
    await until(() => scene.answerer.log.cancels === 1, 'the answerer knows');
    assert.is(textOf(await scene.asker.requestResponse(item('after')).response), 'after');
  });

  define('1,000 requests at once', async (scene) => {
    const numbers = Array.from({ length: 1000 }, (_, i) => String(i));
    const calls = numbers.map((number) => scene.asker.requestResponse(item(number)).response);
    assert.equal((await Promise.all(calls)).map(textOf), numbers);
  });
}

function oneWay(define: Define, asker: Implementation, answerer: Implementation): void {
  define('fire and forget of every kind', async (scene) => {
    for (const sent of Object.values(ITEMS)) scene.asker.fireAndForget(sent);
    const kinds = Object.entries(ITEMS);
    await until(() => scene.answerer.log.fireAndForgets.length === kinds.length, 'all have come');
    kinds.forEach(([kind, sent], i) => {
      assertItem(scene.answerer.log.fireAndForgets[i] as Item, sentTo(sent, answerer), kind);
    });
  });

  if (!asker.traits.sendsMetadataPush || !answerer.traits.takesMetadataPush) return;
  define('metadata push', async (scene) => {
    scene.asker.metadataPush(bytesOf(1, 100));
    await until(() => scene.answerer.log.pushes.length === 1, 'it has come');
    assertBytes(scene.answerer.log.pushes[0], bytesOf(1, 100));
    assert.is(textOf(await scene.asker.requestResponse(item('after')).response), 'after');
  });
}

function requestStream(define: Define, asker: Implementation, answerer: Implementation): void {
  define('streams of none, one and many items, with metadata and without', async (scene) => {
    for (const count of [0, 1, 200]) {
      for (const sent of [item(String(count)), item(String(count), 'metadata')]) {
        const received = new ReceivedItems();
        scene.asker.requestStream(sent, 1000, received);
        assert.is(await received.ended, undefined);
        assertNumbers(received.texts, count);
        const { metadata } = echoed(sent, asker, answerer);
        for (const each of received.items) assertBytes(each.metadata, metadata);
      }
    }
  });

  define('a stream brings what was asked for, and no more', async (scene) => {
    const received = new ReceivedItems();
    const stream = scene.asker.requestStream(item('100'), 1, received);
    let asked = 1;
    for (const more of [1, 3, 20]) {
      await until(() => received.items.length === asked, 'what was asked for has come');
      await scene.asker.requestResponse(item('all before has come')).response;
      assert.is(received.items.length, asked);
      assert.ok(scene.answerer.log.produced <= asked + 1);
      stream.request(more);
      asked += more;
    }
    stream.request(1000);
    assert.is(await received.ended, undefined);
    assertNumbers(received.texts, 100);
  });

  define('10,000 items, asked for by and by', async (scene) => {
    const received = new ReceivedItems();
    let asked = 100;
    const stream = scene.asker.requestStream(item('10000'), asked, received);
    received.afterItem = () => {
      assert.ok(received.items.length <= asked);
      if (asked - received.items.length > 50) return;
      asked += 50;
      stream.request(50);
    };
    assert.is(await received.ended, undefined);
    assertNumbers(received.texts, 10_000);
  });

  define('a stream that is given up in the middle', async (scene) => {
    const received = new ReceivedItems();
    const stream = scene.asker.requestStream(item('100'), 5, received);
    await until(() => received.items.length === 5, 'some items have come');
    stream.cancel();
    await until(() => scene.answerer.log.cancels === 1, 'the answerer knows');
    assert.is(textOf(await scene.asker.requestResponse(item('after')).response), 'after');
    assert.is(received.items.length, 5);
  });

  define('a stream that fails after three items', async (scene) => {
    const received = new ReceivedItems();
    scene.asker.requestStream(item(`3;error:${OWN_CODE}:enough`), 10, received);
    assertError((await received.ended) as Error, answerer, 'enough');
    assertNumbers(received.texts, 3);
  });
}

function requestChannel(define: Define, asker: Implementation, answerer: Implementation): void {
  define('a channel brings back each item', async (scene) => {
    const received = new ReceivedItems();
    const sent = Object.values(ITEMS);
    scene.asker.requestChannel(itemsPublisher(sent), 1000, received);
    assert.is(await received.ended, undefined);
    assert.is(received.items.length, sent.length);
    sent.forEach((each, i) => {
      assertItem(received.items[i] as Item, echoed(each, asker, answerer), Object.keys(ITEMS)[i] as string);
    });
  });

  define('a channel of one item', async (scene) => {
    const received = new ReceivedItems();
    scene.asker.requestChannel(itemsPublisher([item('alone')]), 1000, received);
    assert.is(await received.ended, undefined);
    assert.equal(received.texts, ['alone']);
  });

  define('1,000 items through a channel, asked for by and by', async (scene) => {
    const received = new ReceivedItems();
    const sent = Array.from({ length: 1000 }, (_, i) => item(String(i)));
    let asked = 1;
    const channel = scene.asker.requestChannel(itemsPublisher(sent), asked, received);
    received.afterItem = () => {
      assert.ok(received.items.length <= asked);
      if (received.items.length < asked) return;
      asked += 7;
      channel.request(7);
    };
    assert.is(await received.ended, undefined);
    assertNumbers(received.texts, 1000);
  });

  define('a channel that its requester gives up', async (scene) => {
    const received = new ReceivedItems();
    const sent = Array.from({ length: 100 }, (_, i) => item(String(i)));
    const channel = scene.asker.requestChannel(itemsPublisher(sent), 3, received);
    await until(() => received.items.length === 3, 'some items have come');
    channel.cancel();
    await until(() => scene.answerer.log.cancels === 1, 'the answerer knows');
    assert.is(textOf(await scene.asker.requestResponse(item('after')).response), 'after');
    assert.is(received.items.length, 3);
  });

  define('a channel that its answerer ends with an error', async (scene) => {
    const received = new ReceivedItems();
    const sent = [item('0'), item('1'), item(`error:${OWN_CODE}:not that`), item('3')];
    scene.asker.requestChannel(itemsPublisher(sent), 10, received);
    assertError((await received.ended) as Error, answerer, 'not that');
    assertNumbers(received.texts, 2);
  });

  define('a channel that its requester ends with an error', async (scene) => {
    const received = new ReceivedItems();
    scene.asker.requestChannel(itemsPublisher([item('0'), item('1')], new Error('my mistake')), 10, received);
    const { log } = scene.answerer;
    // An iteration that rests at its `yield` is left, and is not told why.
    await until(() => log.failures.length + log.cancels > 0, 'the answerer knows');
    for (const failure of log.failures) assert.match(failure, 'my mistake');
  });
}

/** How an item comes back from an echo. */
function echoed(sent: Item, asker: Implementation, answerer: Implementation): Item {
  const back = sentTo(sentTo(sent, answerer), asker);
  return answerer.traits.answersWithoutMetadata ? { data: back.data } : back;
}

/** How an item arrives. */
function sentTo(sent: Item, receiver: Implementation): Item {
  return sent.metadata?.length === 0 && receiver.traits.losesEmptyMetadata ? { data: sent.data } : sent;
}

function assertItem(actual: Item, expected: Item, kind: string): void {
  assertBytes(actual.data, expected.data, `data of ${kind}`);
  assertBytes(actual.metadata, expected.metadata, `metadata of ${kind}`);
}

function assertError(error: Error, from: Implementation, message: string): void {
  assert.is(errorMessageOf(error), message);
  assert.is(errorCodeOf(error), from.traits.hasOneErrorCode ? APPLICATION_ERROR : OWN_CODE);
}

async function failureOf(response: Promise<Item>): Promise<Error> {
  const result: unknown = await response.then(textOf, (error: unknown) => error);
  assert.instance(result, Error, `it was answered: ${result}`);
  return result as Error;
}
