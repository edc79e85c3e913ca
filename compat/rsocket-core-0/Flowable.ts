/**
 * As much of the Flowable of npm rsocket-flowable 0.0.27 as rsocket-core 0.0.27 and its users ask of a transport, so
 * that this room needs no package: `subscribe`, `lift`, `map` and `take`. Whatever rsocket-core makes of it (it lifts
 * `receive()`, say) is made of this one again.
 *
 * A transport pushes: how much was requested is not counted, that something was begins it.
 */

/** What a subscriber gets hold of. */
export interface Subscription {
  /** @param n items, 1 or more */
  request(n: number): void;
  cancel(): void;
}

/** Who is told of the items of a Flowable. */
export interface Subscriber<T> {
  onSubscribe(subscription: Subscription): void;
  onNext(value: T): void;
  onComplete(): void;
  onError(error: Error): void;
}

/** What a user gives: whatever of a subscriber he has use for, or a function for the items alone. */
export type Subscribing<T> = Partial<Subscriber<T>> | ((value: T) => void) | undefined;

export class Flowable<T> {
  readonly #source: (subscriber: Subscriber<T>) => void;
  readonly #onThrown: ((error: unknown) => void) | undefined;

  /**
   * @param source called for each subscriber, whose `onSubscribe` it is to call first
   * @param onThrown told of what the `onNext` of a subscriber threw, after that has been told by its `onError`
   */
  constructor(source: (subscriber: Subscriber<T>) => void, onThrown?: (error: unknown) => void) {
    this.#source = source;
    this.#onThrown = onThrown;
  }

  /** Subscribes. A function gets all items; a subscriber gets nothing before it has requested something. */
  subscribe(subscribing?: Subscribing<T>): void {
    const subscriber = typeof subscribing === 'function' ? requestingAll(subscribing) : (subscribing ?? {});
    this.#source(new GuardedSubscriber(subscriber, this.#onThrown));
  }

  /** @param operator makes the subscriber of this Flowable from one of the new Flowable */
  lift<R>(operator: (subscriber: Subscriber<R>) => Subscriber<T>): Flowable<R> {
    return new Flowable((subscriber) => this.#source(operator(subscriber)), this.#onThrown);
  }

  map<R>(fn: (value: T) => R): Flowable<R> {
    return this.lift((subscriber) => new MapSubscriber(subscriber, fn));
  }

  /** @param count items after which it completes, 1 or more */
  take(count: number): Flowable<T> {
    return this.lift((subscriber) => new TakeSubscriber(subscriber, count));
  }
}

function requestingAll<T>(onNext: (value: T) => void): Partial<Subscriber<T>> {
  return { onNext, onSubscribe: (subscription) => subscription.request(Number.MAX_SAFE_INTEGER) };
}

/** Keeps the rules for a subscriber who may lack any method and throw in all: nothing comes after the end. */
class GuardedSubscriber<T> implements Subscriber<T>, Subscription {
  readonly #subscriber: Partial<Subscriber<T>>;
  readonly #onThrown: ((error: unknown) => void) | undefined;
  #subscription: Subscription | undefined = undefined;
  #isActive = true;

  constructor(subscriber: Partial<Subscriber<T>>, onThrown: ((error: unknown) => void) | undefined) {
    this.#subscriber = subscriber;
    this.#onThrown = onThrown;
  }

  onSubscribe(subscription: Subscription): void {
    this.#subscription = subscription;
    try {
      this.#subscriber.onSubscribe?.({ request: (n) => this.request(n), cancel: () => this.cancel() });
    } catch (error) {
      this.onError(error as Error);
    }
  }

  onNext(value: T): void {
    if (!this.#isActive) return;
    try {
      this.#subscriber.onNext?.(value);
    } catch (error) {
      this.#subscription?.cancel();
      this.onError(error as Error);
      this.#onThrown?.(error);
    }
  }

  onComplete(): void {
    if (!this.#isActive) return;
    this.#isActive = false;
    try {
      this.#subscriber.onComplete?.();
    } catch (error) {
      this.#subscriber.onError?.(error as Error);
    }
  }

  onError(error: Error): void {
    if (!this.#isActive) return;
    this.#isActive = false;
    this.#subscriber.onError?.(error);
  }

  request(n: number): void {
    if (!(Number.isInteger(n) && n >= 1)) throw new RangeError(`Flowable: n must be an integer above 0, got ${n}`);
    if (this.#isActive) this.#subscription?.request(n);
  }

  cancel(): void {
    if (!this.#isActive) return;
    this.#isActive = false;
    this.#subscription?.cancel();
  }
}

class MapSubscriber<T, R> implements Subscriber<T> {
  readonly #subscriber: Subscriber<R>;
  readonly #fn: (value: T) => R;
  #subscription: Subscription | undefined = undefined;

  constructor(subscriber: Subscriber<R>, fn: (value: T) => R) {
    this.#subscriber = subscriber;
    this.#fn = fn;
  }

  onSubscribe(subscription: Subscription): void {
    this.#subscription = subscription;
    this.#subscriber.onSubscribe(subscription);
  }

  onNext(value: T): void {
    let mapped: R;
    try {
      mapped = this.#fn(value);
    } catch (error) {
      this.#subscription?.cancel();
      this.#subscriber.onError(error as Error);
      return;
    }
    this.#subscriber.onNext(mapped);
  }

  onComplete(): void {
    this.#subscriber.onComplete();
  }

  onError(error: Error): void {
    this.#subscriber.onError(error);
  }
}

class TakeSubscriber<T> implements Subscriber<T> {
  readonly #subscriber: Subscriber<T>;
  #left: number;
  #subscription: Subscription | undefined = undefined;

  constructor(subscriber: Subscriber<T>, count: number) {
    this.#subscriber = subscriber;
    this.#left = count;
  }

  onSubscribe(subscription: Subscription): void {
    this.#subscription = subscription;
    this.#subscriber.onSubscribe(subscription);
  }

  onNext(value: T): void {
    if (this.#left <= 0) return;
    this.#left--;
    this.#subscriber.onNext(value);
    if (this.#left > 0) return;
    this.#subscription?.cancel();
    this.#subscriber.onComplete();
  }

  onComplete(): void {
    if (this.#left > 0) this.#subscriber.onComplete();
  }

  onError(error: Error): void {
    if (this.#left > 0) this.#subscriber.onError(error);
  }
}
