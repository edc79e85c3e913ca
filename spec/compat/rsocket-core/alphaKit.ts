/** Calls of rsocket-core as promises, and what answers them. */
import {
  type ClientTransport,
  type Closeable,
  type Payload,
  type RSocket,
  RSocketConnector,
  RSocketServer,
  type ServerTransport,
} from 'rsocket-core';

/** Echoes requests, but never answers `never`; streams as many numbers as it is asked for, or without end. */
export const RESPONDER: Partial<RSocket> = {
  requestResponse: (payload, stream) => {
    if (String(payload.data) !== 'never') stream.onNext(payload, true);
    return { cancel: () => {}, onExtension: () => {} };
  },
  requestStream: (_, initialRequestN, stream) => {
    let n = 0;
    let isOver = false;
    const send = (count: number): void => {
      for (let i = 0; i < count && !isOver; i++) stream.onNext({ data: Buffer.from(String(n++)) }, false);
    };
    const cancel = (): void => {
      isOver = true;
    };
    queueMicrotask(() => send(initialRequestN));
    return { request: send, cancel, onExtension: () => {} };
  },
};

export interface Connected {
  readonly rsocket: RSocket;
  /** Settles when it has ended, with the reason. */
  readonly closed: Promise<Error | undefined>;
}

export async function connectAlpha(transport: ClientTransport, options: object = {}): Promise<Connected> {
  return connected(await new RSocketConnector({ transport, responder: RESPONDER, ...options }).connect());
}

export function connected(rsocket: RSocket): Connected {
  return { rsocket, closed: new Promise((resolve) => rsocket.onClose(resolve)) };
}

export interface Bound {
  /** The server's ends, in order of arrival. */
  readonly ends: Connected[];
  close(): void;
  /** What `bind` resolved with. */
  readonly closeable: Closeable & { readonly address?: unknown };
}

export async function bindAlpha(transport: ServerTransport, responder: Partial<RSocket> = RESPONDER): Promise<Bound> {
  const ends: Connected[] = [];
  const server = new RSocketServer({
    transport,
    acceptor: {
      accept: async (_, peer) => {
        ends.push(connected(peer));
        return responder;
      },
    },
  });
  const closeable = await server.bind();
  return { ends, close: () => closeable.close(), closeable };
}

export function ask({ rsocket }: Connected, payload: Payload | string): Promise<Payload> {
  const request = typeof payload === 'string' ? { data: Buffer.from(payload) } : payload;
  return new Promise((resolve, reject) => {
    rsocket.requestResponse(request, {
      onNext: resolve,
      onError: reject,
      onComplete: () => resolve({ data: null }),
      onExtension: () => {},
    });
  });
}

/** The data of the answer, as text. */
export async function askText(end: Connected, text: string): Promise<string> {
  return String((await ask(end, text)).data);
}

/** The message with which a request fails. @throws Error if it does not */
export async function failureOf(answer: Promise<unknown>): Promise<string> {
  const outcome = await answer.then(
    () => undefined,
    (error: Error) => error.message,
  );
  if (outcome === undefined) throw new Error('it did not fail');
  return outcome;
}
