import type { BufferPool } from '../../pool/index.ts';
import type { DuplexConnection } from '../../transport/index.ts';
import { AcceptedConnection, type AcceptedConnectionOptions } from './AcceptedConnection.ts';
import type { Encoders } from './Encoders.ts';
import { Flowable, type Subscriber } from './Flowable.ts';
import type { FlowableConnection } from './FlowableConnection.ts';

/**
 * Begins to listen.
 * @param accept gets each connection
 * @returns how to listen no more
 */
type Listen = (accept: (connection: DuplexConnection) => void) => Promise<() => void>;

/** The `TransportServer` of rsocket-core 0.0.27 over whatever can be listened to. */
export class FlowableServer {
  readonly #listen: Listen;
  readonly #encoders: Encoders | undefined;
  readonly #pool: BufferPool;
  readonly #options: AcceptedConnectionOptions;
  readonly #stops: Set<() => void> = new Set();

  constructor(listen: Listen, encoders: Encoders | undefined, pool: BufferPool, options: AcceptedConnectionOptions) {
    this.#listen = listen;
    this.#encoders = encoders;
    this.#pool = pool;
    this.#options = options;
  }

  /** Listens as soon as connections are requested, and until `stop` or `cancel`; each one is CONNECTED. */
  start(): Flowable<FlowableConnection> {
    return new Flowable((subscriber) => {
      let close: (() => void) | undefined;
      const cancel = (): void => {
        if (close === undefined) return;
        this.#stops.delete(stop);
        close();
      };
      const stop = (): void => {
        cancel();
        subscriber.onComplete();
      };
      subscriber.onSubscribe({
        cancel,
        request: () => {
          if (close !== undefined) return;
          this.#stops.add(stop);
          close = this.#begin(subscriber);
        },
      });
    });
  }

  /** Listens no more, and completes what `start` gave. Connections that have begun are for RSocketServer to end. */
  stop(): void {
    for (const stop of [...this.#stops]) stop();
  }

  /** @returns ends it, once or more often */
  #begin(subscriber: Subscriber<FlowableConnection>): () => void {
    const waiting: Set<AcceptedConnection> = new Set();
    let isClosed = false;
    let stopListening = (): void => {};
    const accept = (connection: DuplexConnection): void => {
      const accepted = new AcceptedConnection(connection, this.#encoders, this.#pool, this.#options, (begun) => {
        waiting.delete(begun);
      });
      waiting.add(accepted);
      if (isClosed) accepted.close();
      else subscriber.onNext(accepted);
    };
    const listening = async (): Promise<void> => {
      try {
        stopListening = await this.#listen(accept);
      } catch (error) {
        subscriber.onError(error as Error);
        return;
      }
      if (isClosed) stopListening();
    };
    listening();
    return () => {
      if (isClosed) return;
      isClosed = true;
      stopListening();
      for (const connection of [...waiting]) connection.close();
    };
  }
}
