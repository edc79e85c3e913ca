/** What rsocket-js 0.0.27 tells by Single and Flowable, as promises. */
import {
  core0,
  type Flowable0,
  flowables0,
  type Payload0,
  type Responder0,
  type Single0,
  type Socket0,
} from '../../interop/generation0Api.ts';

const { Flowable, Single } = flowables0;

/** Settles as `single` does. */
export function promiseOf<T>(single: Single0<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    single.subscribe({ onComplete: (value) => resolve(value as T), onError: reject });
  });
}

/** All items of `flowable`, of which `batch` are asked for at a time. */
export function itemsOf<T>(flowable: Flowable0<T>, batch = 16): Promise<T[]> {
  return new Promise((resolve, reject) => {
    const items: T[] = [];
    let request = (): void => {};
    flowable.subscribe({
      onSubscribe: (subscription) => {
        request = () => subscription.request(batch);
        request();
      },
      onNext: (item) => {
        items.push(item);
        if (items.length % batch === 0) request();
      },
      onComplete: () => resolve(items),
      onError: reject,
    });
  });
}

export function single<T>(value: T): Single0<T> {
  return new Single((subscriber) => {
    subscriber.onSubscribe();
    subscriber.onComplete(value);
  });
}

/** `items`, as they are requested. */
export function flowable<T>(items: readonly T[]): Flowable0<T> {
  return new Flowable((subscriber) => {
    let sent = 0;
    let isOver = false;
    subscriber.onSubscribe({
      request: (n) => {
        for (let left = n; left > 0 && sent < items.length && !isOver; left--) subscriber.onNext(items[sent++] as T);
        if (sent < items.length || isOver) return;
        isOver = true;
        subscriber.onComplete();
      },
      cancel: () => {
        isOver = true;
      },
    });
  });
}

/** Gives back what it gets: responses, streams of as many items as the request says, channels. `never` waits. */
export const echo: Responder0 = {
  requestResponse: (payload) =>
    String(payload.data) === 'never' ? new Single((subscriber) => subscriber.onSubscribe(() => {})) : single(payload),
  requestStream: ({ data, metadata }) =>
    flowable(Array.from({ length: Number(data) }, (_, i) => ({ data: Buffer.from(String(i)), metadata }))),
  requestChannel: (payloads) => payloads,
  fireAndForget: () => {},
  metadataPush: () => single(undefined),
};

/** How a client of these tests sets out. */
export interface Connecting0 {
  readonly responder?: Responder0;
  readonly keepAlive?: number;
  readonly lifetime?: number;
  readonly onError?: (error: Error) => void;
  readonly payload?: Payload0;
}

/** Connects an RSocketClient on `transport`. */
export function connectOn(transport: object, settings: Connecting0 = {}): Promise<Socket0> {
  const { responder = echo, keepAlive = 60_000, lifetime = 300_000, onError = () => {}, payload } = settings;
  const client = new core0.RSocketClient({
    transport,
    responder,
    errorHandler: onError,
    setup: {
      ...(payload && { payload }),
      dataMimeType: 'text/plain',
      metadataMimeType: 'text/plain',
      keepAlive,
      lifetime,
    },
  });
  return promiseOf(client.connect());
}

/** Starts an RSocketServer on `transport`. */
export function serveOn(
  transport: object,
  accept: (socket: Socket0, setup: Payload0) => Responder0 = () => echo,
): { stop(): void } {
  const server = new core0.RSocketServer({ transport, getRequestHandler: accept });
  server.start();
  return server;
}
