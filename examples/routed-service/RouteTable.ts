import { routeOf } from 'flysocket/metadata';
import type { Payload, RSocket } from 'rsocket-core';

type Responder = Required<Pick<RSocket, 'requestResponse' | 'requestStream' | 'fireAndForget'>>;

/** Answers a request with one value. */
type Method = (body: never) => unknown;
/** Answers a request with as many values as are asked for. */
type Source = (body: never) => Iterable<unknown>;

/**
 * Handlers by their routes, as with Spring's `@MessageMapping`: the route is in composite metadata, the data is JSON.
 * What it makes is a responder of rsocket-core.
 */
export class RouteTable {
  readonly #methods: Map<string, Method> = new Map();
  readonly #sources: Map<string, Source> = new Map();

  /** For request-response and fire-and-forget. */
  method(route: string, method: Method): this {
    this.#methods.set(route, method);
    return this;
  }

  /** For request-stream. */
  source(route: string, source: Source): this {
    this.#sources.set(route, source);
    return this;
  }

  responder(): Responder {
    return {
      requestResponse: (payload, stream) => {
        call(this.#methods, payload).then(
          (answer) => stream.onNext(jsonPayload(answer), true),
          (error: Error) => stream.onError(error),
        );
        return { cancel: () => {}, onExtension: () => {} };
      },
      fireAndForget: (payload) => {
        call(this.#methods, payload).catch(() => {});
        return { cancel: () => {} };
      },
      requestStream: (payload, initialRequestN, stream) => {
        let isOver = false;
        const items = call(this.#sources, payload).then((iterable) =>
          (iterable as Iterable<unknown>)[Symbol.iterator](),
        );
        const send = async (count: number): Promise<void> => {
          try {
            const iterator = await items;
            for (let i = 0; i < count && !isOver; i++) {
              const { done = false, value } = iterator.next();
              isOver = done;
              if (done) stream.onComplete();
              else stream.onNext(jsonPayload(value), false);
            }
          } catch (error) {
            if (!isOver) stream.onError(error as Error);
            isOver = true;
          }
        };
        const cancel = (): void => {
          isOver = true;
        };
        send(initialRequestN);
        return { request: send, cancel, onExtension: () => {} };
      },
    };
  }
}

async function call(handlers: ReadonlyMap<string, Method>, { data, metadata }: Payload): Promise<unknown> {
  const route = routeOf(metadata ?? undefined);
  const handler = handlers.get(route ?? '');
  if (handler === undefined) throw new Error(`No handler for destination '${route ?? ''}'`);
  return handler((data && data.length > 0 ? JSON.parse(String(data)) : undefined) as never);
}

function jsonPayload(value: unknown): Payload {
  return { data: Buffer.from(JSON.stringify(value ?? null)) };
}
