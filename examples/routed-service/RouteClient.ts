import { compositeMetadata } from 'flysocket/metadata';
import type { Payload, RSocket } from 'rsocket-core';

/** Items asked for at a time. */
const BATCH = 4;

/** Calls routes over any connection of rsocket-core: composite metadata, and data as JSON. */
export class RouteClient {
  readonly #rsocket: RSocket;

  constructor(rsocket: RSocket) {
    this.#rsocket = rsocket;
  }

  request(route: string, body?: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#rsocket.requestResponse(routed(route, body), {
        onNext: (payload) => resolve(bodyOf(payload)),
        onComplete: () => resolve(undefined),
        onError: reject,
        onExtension: () => {},
      });
    });
  }

  send(route: string, body?: unknown): void {
    this.#rsocket.fireAndForget(routed(route, body), { onComplete: () => {}, onError: () => {} });
  }

  /** A loop that is left cancels the stream; one that rests is sent no more. */
  async *stream(route: string, body?: unknown): AsyncGenerator<unknown, void> {
    const items: unknown[] = [];
    let end: { readonly error?: Error } | undefined;
    let wake = (): void => {};
    const stream = this.#rsocket.requestStream(routed(route, body), BATCH, {
      onNext: (payload, isComplete) => {
        items.push(bodyOf(payload));
        if (isComplete) end = {};
        wake();
      },
      onComplete: () => {
        end = {};
        wake();
      },
      onError: (error) => {
        end = { error };
        wake();
      },
      onExtension: () => {},
    });
    try {
      for (let received = 0; ; ) {
        while (items.length > 0) {
          yield items.shift();
          received++;
          if (received % BATCH === 0) stream.request(BATCH);
        }
        if (end?.error !== undefined) throw end.error;
        if (end !== undefined) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      if (end === undefined) stream.cancel();
    }
  }
}

function routed(route: string, body: unknown): Payload {
  return {
    data: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
    metadata: Buffer.from(compositeMetadata().route(route).toBytes()),
  };
}

function bodyOf({ data }: Payload): unknown {
  return data && data.length > 0 ? JSON.parse(String(data)) : undefined;
}
