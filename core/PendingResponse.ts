import type { PayloadFlyweight, RSocketError } from '../flyweight/index.ts';
import type { SliceAllocator } from '../pool/index.ts';
import type { DuplexConnection } from '../transport/index.ts';
import { Payload } from './Payload.ts';
import { IgnoringSubscriber } from './StreamSubscriber.ts';

/** The promise of a request-response: settles it with the first thing that happens on the stream. */
export class PendingResponse extends IgnoringSubscriber {
  readonly #resolve: (payload: Payload) => void;
  readonly #reject: (error: unknown) => void;
  readonly #allocator: SliceAllocator;
  readonly #connection: DuplexConnection;
  #isSettled = false;

  constructor(
    resolve: (payload: Payload) => void,
    reject: (error: unknown) => void,
    allocator: SliceAllocator,
    connection: DuplexConnection,
  ) {
    super();
    this.#resolve = resolve;
    this.#reject = reject;
    this.#allocator = allocator;
    this.#connection = connection;
  }

  override onNext(view: PayloadFlyweight): void {
    this.#isSettled = true;
    this.#resolve(Payload.copyOf(view, this.#allocator));
    this.#connection.yieldSoon();
  }

  /** A completion without an item is an empty answer. */
  override onComplete(): void {
    if (this.#isSettled) return;
    this.#resolve(Payload.EMPTY);
    this.#connection.yieldSoon();
  }

  override onError(error: RSocketError): void {
    this.#reject(error);
    this.#connection.yieldSoon();
  }
}
