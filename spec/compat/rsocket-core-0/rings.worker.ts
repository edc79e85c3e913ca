/**
 * A worker with an RSocketServer for its parent. Asked for `call <text>` it asks the parent, as a client of the
 * server there, and gives back the answer; `threads` gives the number of the thread, `exit` ends it.
 */
import { threadId } from 'node:worker_threads';
import { RSocketShmClient, RSocketShmServer } from 'flysocket/compat/rsocket-core-0';
import {
  flowables0,
  type Payload0,
  type Responder0,
  type Single0,
  type Socket0,
} from '../../interop/generation0Api.ts';
import { bufferEncoders } from './flysocket0.ts';
import { connectOn, echo, promiseOf, serveOn, single } from './promises0.ts';

let parent: Promise<Socket0> | undefined;

const responder: Responder0 = {
  ...echo,
  requestResponse: (payload) => {
    const text = String(payload.data);
    if (text === 'thread') return single({ data: Buffer.from(String(threadId)) });
    if (text === 'exit') process.exit();
    if (text.startsWith('call ')) return fromPromise(callParent(text.slice(5)));
    return echo.requestResponse(payload);
  },
};

async function callParent(text: string): Promise<Payload0> {
  parent ??= connectOn(new RSocketShmClient({}, bufferEncoders));
  return promiseOf((await parent).requestResponse({ data: Buffer.from(text) }));
}

function fromPromise<T>(promise: Promise<T>): Single0<T> {
  return new flowables0.Single((subscriber) => {
    subscriber.onSubscribe();
    promise.then(subscriber.onComplete.bind(subscriber), subscriber.onError.bind(subscriber));
  });
}

serveOn(new RSocketShmServer({}, bufferEncoders), () => responder);
serveOn(new RSocketShmServer({ service: 'text' }), () => echo);
