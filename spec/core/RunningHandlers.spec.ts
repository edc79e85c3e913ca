import type { Handler, PeerServerOptions } from 'flysocket/core';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { opened } from './HostileScene.ts';
import {
  cancel,
  fireAndForget,
  metadataPush,
  requestChannel,
  requestResponse,
  requestStream,
  type WriteFrame,
} from './rawFrames.ts';

const test = suite('handlers that run');

const never = new Promise<never>(() => {});

test('handlers that do not finish, though their request is cancelled: no more than maxRunningHandlers', async () => {
  const max = 3;
  const starts: ((id: number) => WriteFrame)[] = [
    requestResponse,
    fireAndForget,
    (id) => requestStream(id, 1),
    (id) => requestChannel(id, 1),
  ];
  for (const start of starts) {
    let running = 0;
    let finish = (): void => {};
    const finished = new Promise<string>((resolve) => {
      finish = () => resolve('done');
    });
    const run = (): Promise<string> => {
      running++;
      return finished;
    };
    const generate = async function* (): AsyncGenerator<string> {
      yield await run();
    };
    const handler: Handler = {
      requestResponse: (request) => (request.dataUtf8() === 'honest' ? request : run()),
      fireAndForget: async () => {
        await run();
      },
      requestStream: generate,
      requestChannel: generate,
    };
    const scene = opened({ responder: handler, maxRunningHandlers: max });
    for (let id = 1; id < 20; id += 2) scene.feed(start(id), cancel(id));
    await scene.settle();
    assert.is(running, max);
    const isTold = start !== fireAndForget;
    const frames = scene.raw.take().filter((frame) => frame.startsWith('ERROR'));
    assert.equal(new Set(frames.map((frame) => frame.slice(-40))).size, isTold ? 1 : 0);
    assert.is(frames.length, isTold ? 10 - max : 0);
    finish();
    await scene.settle();
    scene.feed(start(21), start(23), start(25));
    await scene.settle();
    assert.is(running, 2 * max, 'their places are free again');
    await scene.finish();
  }
});

test('handlers that fail give their places back', async () => {
  const fail = (): never => {
    throw new Error('failed');
  };
  const failing: Handler[] = [
    { requestResponse: fail, requestStream: fail, requestChannel: fail },
    { requestResponse: async () => fail(), requestStream: () => 5 as never, requestChannel: () => 5 as never },
    {
      requestStream: async function* () {
        fail();
        yield '';
      },
      requestChannel: () => ({ [Symbol.iterator]: () => ({ next: fail }) }),
    },
  ];
  for (const handler of failing) {
    const responder: PeerServerOptions['responder'] = ({ dataMimeType }) => {
      return dataMimeType === 'text/honest' ? { requestResponse: (request) => request } : handler;
    };
    const scene = opened({ responder, maxRunningHandlers: 1, onUncaught: () => {} });
    for (let id = 1; id < 60; id += 6) {
      for (const frame of [requestResponse(id), requestStream(id + 2, 1), requestChannel(id + 4, 1)]) {
        scene.feed(frame);
        await scene.settle();
      }
    }
    const errors = scene.raw.take().filter((frame) => frame.startsWith('ERROR'));
    assert.is(errors.length, 30);
    assert.equal(
      errors.filter((frame) => frame.includes('too many')),
      [],
    );
    await scene.finish();
  }
});

test('an iterator that cannot be told to stop counts until its last item has come', async () => {
  let pulled = 0;
  let finish = (): void => {};
  const last = new Promise<IteratorResult<string>>((resolve) => {
    finish = () => resolve({ done: true, value: undefined });
  });
  const responder: Handler = {
    requestResponse: (request) => request,
    requestStream: () => ({
      [Symbol.asyncIterator]: () => ({
        next: () => {
          pulled++;
          return last;
        },
      }),
    }),
  };
  const scene = opened({ responder, maxRunningHandlers: 2 });
  for (let id = 1; id < 20; id += 2) scene.feed(requestStream(id, 1), cancel(id));
  assert.is(pulled, 2);
  finish();
  await scene.settle();
  scene.feed(requestStream(21, 1));
  assert.is(pulled, 3);
  await scene.finish();
});

test('what is pushed to handlers that do not finish is dropped beyond the bound', async () => {
  let pushed = 0;
  const responder: Handler = {
    requestResponse: (request) => (pushed < 5 ? request : never),
    metadataPush: () => {
      pushed++;
      return never;
    },
  };
  const scene = opened({ responder, maxRunningHandlers: 2 });
  for (let i = 0; i < 100; i++) scene.feed(metadataPush('m'));
  assert.is(pushed, 2);
  await scene.finish();
});

test.run();
