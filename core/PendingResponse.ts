import type { PayloadFlyweight, RSocketError } from '../flyweight/index.ts';
import type { SliceAllocator } from '../pool/index.ts';
import { Payload } from './Payload.ts';
import { IgnoringSubscriber } from './StreamSubscriber.ts';

/** Where what settles promises comes from and goes back to. */
export interface PendingResponseOwner {
  /** Of memory for the answers. */
  readonly allocator: SliceAllocator;
  /** Nothing refers to it any more. */
  onSettled(pending: PendingResponse): void;
}

/**
 * What settles the promise of a request-response, by the first thing that happens on its stream. Then it goes back to
 * `PendingResponses`, to settle another one: nothing is heard of a stream after `onComplete` or `onError`. With an
 * object, a closure for `new Promise` and what that looks into for each request, it would take 170 bytes more of the
 * 760 that the requester's side takes, the caller's own included (measured).
 */
export class PendingResponse extends IgnoringSubscriber {
  /** For `new Promise`: that is the one to be settled now. */
  readonly begin: (resolve: (payload: Payload) => void, reject: (error: unknown) => void) => void;
  readonly #owner: PendingResponseOwner;
  #resolve: (payload: Payload) => void = ignore;
  #reject: (error: unknown) => void = ignore;
  #isAnswered = false;

  constructor(owner: PendingResponseOwner) {
    super();
    this.#owner = owner;
    this.begin = (resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#isAnswered = false;
    };
  }

  /** The request was not made. This does not go back: whoever threw may have kept it. */
  fail(error: unknown): void {
    this.#reject(error);
  }

  override onNext(view: PayloadFlyweight): void {
    this.#isAnswered = true;
    this.#resolve(Payload.copyOf(view, this.#owner.allocator));
  }

  /** A completion without an item is an empty answer. */
  override onComplete(): void {
    if (!this.#isAnswered) this.#resolve(Payload.EMPTY);
    this.#end();
  }

  override onError(error: RSocketError): void {
    this.#reject(error);
    this.#end();
  }

  #end(): void {
    // Kept, they would keep the promise and its payload.
    this.#resolve = ignore;
    this.#reject = ignore;
    this.#owner.onSettled(this);
  }
}

function ignore(): void {}
