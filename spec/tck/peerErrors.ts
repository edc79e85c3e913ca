import type { Handler, Payload, RSocket } from 'flysocket/core';
import { ErrorCode, RSocketError } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { textsOf } from './samplePayloads.ts';
import { turns, until } from './until.ts';
import type { PeerTest } from './withPeers.ts';

const CUSTOM_CODE = 0x12345;

/** Each interaction that has an answer, reduced to a promise of it. */
const INTERACTIONS: Readonly<Record<string, (peer: RSocket, signal?: AbortSignal) => Promise<unknown>>> = {
  'request-response': (peer, signal) => peer.requestResponse('data', { signal }),
  'request-stream': (peer, signal) => textsOf(peer.requestStream('data', { signal })),
  'request-channel': (peer, signal) => textsOf(peer.requestChannel(['data'], { signal })),
};

/** A handler whose every method does the same. */
function allBy(act: () => never | Promise<never>): Handler {
  return { requestResponse: act, requestStream: act as () => never, requestChannel: act as () => never };
}

export async function rejectionOf(promise: Promise<unknown>): Promise<RSocketError> {
  try {
    await promise;
  } catch (error) {
    return error as RSocketError;
  }
  throw new Error('was not rejected');
}

export function peerErrors(peerTest: PeerTest): void {
  peerTest('requests that nobody handles are rejected', { handler: {} }, async ({ client, server }) => {
    for (const peer of [client, server]) {
      for (const [name, ask] of Object.entries(INTERACTIONS)) {
        const error = await rejectionOf(ask(peer));
        assert.instance(error, RSocketError);
        assert.is(error.errorCode, ErrorCode.REJECTED, name);
        assert.match(error.message, name);
      }
      await peer.fireAndForget('nobody hears this');
    }
  });

  const throwers: Readonly<Record<string, [act: () => never | Promise<never>, errorCode: number, message: string]>> = {
    'throws an Error': [throws(new Error('no good')), ErrorCode.APPLICATION_ERROR, 'no good'],
    'throws what is no Error': [throws('just text'), ErrorCode.APPLICATION_ERROR, 'just text'],
    'throws an RSocketError with a code': [throws(custom()), CUSTOM_CODE, 'custom'],
    'throws an RSocketError without': [throws(new RSocketError('X', 'bare')), ErrorCode.APPLICATION_ERROR, 'bare'],
  };
  for (const [name, [act, errorCode, message]] of Object.entries(throwers)) {
    peerTest(`a handler that ${name}`, { handler: allBy(act) }, async ({ client }) => {
      for (const ask of Object.values(INTERACTIONS)) {
        const error = await rejectionOf(ask(client));
        assert.instance(error, RSocketError);
        assert.is(error.errorCode, errorCode);
        assert.is(error.message, message);
      }
    });
  }

  peerTest(
    'a handler whose promise or iteration fails',
    {
      handler: {
        requestResponse: () => Promise.reject(custom()),
        async *requestStream() {
          yield '1';
          yield '2';
          throw custom();
        },
        *requestChannel() {
          yield '1';
          throw custom();
        },
      },
    },
    async ({ client }) => {
      assert.is((await rejectionOf(client.requestResponse(''))).errorCode, CUSTOM_CODE);
      assert.equal(await outcomeOf(client.requestStream('')), ['1', '2', `error ${CUSTOM_CODE} custom`]);
      assert.equal(await outcomeOf(client.requestChannel(['a'])), ['1', `error ${CUSTOM_CODE} custom`]);
    },
  );

  const nothing = undefined as never;
  peerTest(
    'a handler that answers with what is no payload',
    {
      handler: {
        requestResponse: (payload) => (payload.dataUtf8() === 'now' ? nothing : Promise.resolve(nothing)),
        requestStream: () => [5, null] as never,
        requestChannel: () => 'no iterable' as never,
      },
    },
    async ({ client }) => {
      for (const ask of [client.requestResponse('now'), client.requestResponse('later')]) {
        assert.is((await rejectionOf(ask)).errorCode, ErrorCode.APPLICATION_ERROR);
      }
      for (const stream of [client.requestStream(''), client.requestChannel(['a'])]) {
        assert.is((await rejectionOf(textsOf(stream))).errorCode, ErrorCode.APPLICATION_ERROR);
      }
    },
  );

  peerTest('a caller who sends what is no payload', { handler: { requestResponse: () => '' } }, async ({ client }) => {
    for (const bad of [5, null, undefined, { data: [1, 2] }, { metadata: 7 }] as never[]) {
      assert.instance(await rejectionOf(client.requestResponse(bad)), TypeError);
      assert.instance(
        await rejectionOf(client.requestResponse(bad, { signal: AbortSignal.timeout(60_000) })),
        TypeError,
      );
      assert.instance(await rejectionOf(client.fireAndForget(bad)), TypeError);
      assert.instance(await rejectionOf(textsOf(client.requestStream(bad))), TypeError);
      assert.instance(await rejectionOf(textsOf(client.requestChannel([bad]))), TypeError);
    }
    assert.throws(() => client.requestChannel('text' as never), /Iterable/);
  });

  peerTest(
    'each error reaches its own request',
    {
      handler: {
        requestResponse: async (payload) => {
          const i = Number(payload.dataUtf8());
          await turns(i % 3);
          if (i % 2 === 1) throw new RSocketError('X', `error ${i}`, 0x1000 + i);
          return `answer ${i}`;
        },
      },
    },
    async ({ client }) => {
      const settled = await Promise.allSettled(Array.from({ length: 60 }, (_, i) => client.requestResponse(String(i))));
      settled.forEach((result, i) => {
        if (result.status === 'fulfilled') assert.is(result.value.dataUtf8(), `answer ${i}`);
        else assert.equal([result.reason.message, result.reason.errorCode], [`error ${i}`, 0x1000 + i]);
        assert.is(result.status, i % 2 === 1 ? 'rejected' : 'fulfilled');
      });
    },
  );

  const long = 'ä'.repeat(50_000);
  peerTest(
    'a message longer than MAX_ERROR_MESSAGE_LENGTH is cut off',
    { handler: allBy(throws(new Error(long))) },
    async ({ client }) => {
      const { message } = await rejectionOf(client.requestResponse(''));
      assert.ok(message.length > 0 && message.length <= 1_024 && long.startsWith(message), `${message.length}`);
    },
  );

  const boom = new Error('boom');
  peerTest(
    'a fire-and-forget that fails',
    { handler: { fireAndForget: throws(boom) } },
    async ({ client, uncaught }) => {
      await client.fireAndForget('');
      await until(() => uncaught.length > 0, 'it was reported');
      assert.is(uncaught.pop(), boom);
    },
  );

  const rejecting: Handler = { fireAndForget: () => Promise.reject(boom) };
  peerTest('a fire-and-forget that fails later', { handler: rejecting }, async ({ client, uncaught }) => {
    await client.fireAndForget('');
    await until(() => uncaught.length > 0, 'it was reported');
    assert.is(uncaught.pop(), boom);
  });

  channelErrors(peerTest);
}

function channelErrors(peerTest: PeerTest): void {
  const heard: string[] = [];
  const listening: Handler = {
    async *requestChannel(payloads) {
      yield 'welcome';
      heard.push(...(await outcomeOf(payloads)));
    },
  };
  peerTest('a requester whose items fail: both sides hear of it', { handler: listening }, async ({ client }) => {
    const failure = custom();
    const seen: string[] = [];
    const items = async function* (): AsyncGenerator<string> {
      yield 'a';
      yield 'b';
      await until(() => seen.length === 1, 'the responder has welcomed');
      throw failure;
    };
    const reading = (async () => {
      for await (const payload of client.requestChannel(items())) seen.push(payload.dataUtf8());
    })();
    assert.is(await rejectionOf(reading), failure);
    assert.equal(seen, ['welcome']);
    await until(() => heard.length === 3, 'the responder has heard');
    assert.equal(heard, ['a', 'b', `error ${CUSTOM_CODE} custom`]);
  });

  peerTest('a requester whose first item fails: nothing is sent', { handler: listening }, async ({ client }) => {
    const items = async function* (): AsyncGenerator<string> {
      yield* [] as string[];
      throw custom();
    };
    assert.is((await rejectionOf(textsOf(client.requestChannel(items())))).errorCode, CUSTOM_CODE);
  });

  let isLeft = false;
  const outcome: string[] = [];
  const failing: Handler = {
    requestChannel: (payloads) => {
      void outcomeOf(payloads).then((all) => outcome.push(...all));
      return (function* () {
        yield 'one';
        throw custom();
      })();
    },
  };
  peerTest('a responder whose items fail: both halves end on both sides', { handler: failing }, async ({ client }) => {
    const items = async function* (): AsyncGenerator<string> {
      try {
        for (let i = 0; ; i++) {
          yield String(i);
          await turns(1);
        }
      } finally {
        isLeft = true;
      }
    };
    assert.equal(await outcomeOf(client.requestChannel(items())), ['one', `error ${CUSTOM_CODE} custom`]);
    await until(() => outcome.at(-1)?.startsWith('error') === true, 'the responder has heard');
    assert.is(outcome.at(-1), `error ${CUSTOM_CODE} custom`);
    await until(() => isLeft, 'the producer was told');
  });

  const cutOff: string[] = [];
  const reader: Handler = {
    async *requestChannel(payloads) {
      yield 'welcome';
      try {
        for await (const payload of payloads) cutOff.push(payload.dataUtf8());
        cutOff.push('complete');
      } catch (error) {
        cutOff.push((error as RSocketError).code);
      }
    },
  };
  peerTest('a requester that cancels has not completed', { handler: reader }, async ({ client }) => {
    const items = async function* (): AsyncGenerator<string> {
      yield 'a';
      await new Promise(() => {});
    };
    for await (const _ of client.requestChannel(items())) {
      await until(() => cutOff.length === 1, 'the item was read');
      break;
    }
    await until(() => cutOff.length === 2, 'the responder knows');
    assert.equal(cutOff, ['a', 'ERR_FLYSOCKET_CANCELED']);
  });
}

/** The texts of a stream, and what it ended with if that was an error. */
async function outcomeOf(stream: AsyncIterable<Payload>): Promise<string[]> {
  const outcome: string[] = [];
  try {
    for await (const payload of stream) outcome.push(payload.dataUtf8());
  } catch (error) {
    const { errorCode, message } = error as RSocketError;
    outcome.push(`error ${errorCode} ${message}`);
  }
  return outcome;
}

function throws(error: unknown): () => never {
  return () => {
    throw error;
  };
}

function custom(): RSocketError {
  return new RSocketError('ERR_APP', 'custom', CUSTOM_CODE);
}
