import type { PayloadFlyweight } from '../../flyweight/index.ts';
import { CallFlag } from '../values/CallHeaderDescriptor.ts';
import { errorOfDescription } from '../values/describeThrown.ts';
import type { CallLink } from './CallLink.ts';
import type { RunOptions } from './CallOptions.ts';
import type { CallTarget } from './CallTarget.ts';
import { type CallOwner, type CallPlace, CallState, PoolCall } from './PoolCall.ts';

let resolveTaken: (result: unknown) => void;
let rejectTaken: (error: unknown) => void;

/** One function for all promises: none is made for each. */
function takeSettlers(resolve: (result: unknown) => void, reject: (error: unknown) => void): void {
  resolveTaken = resolve;
  rejectTaken = reject;
}

/** A call for one result: the promise of `run`. */
export class RunCall extends PoolCall {
  readonly promise: Promise<unknown>;
  readonly #resolve: (result: unknown) => void;
  readonly #reject: (error: unknown) => void;

  constructor(taskId: number, owner: CallOwner, target: CallTarget, task: unknown, options: RunOptions | undefined) {
    super(taskId, owner, target, task, options);
    this.promise = new Promise(takeSettlers);
    this.#resolve = resolveTaken;
    this.#reject = rejectTaken;
  }

  override send(link: CallLink, slot: number): number {
    return link.call(this.target, slot, 0, this.task, this.transfer, this);
  }

  override onNext(payload: PayloadFlyweight): void {
    const place = this.place as CallPlace;
    const { link } = place;
    if (this.state === CallState.GIVEN_UP) {
      link.values.discard(payload);
      this.end();
      place.onCallEnded(this);
      return;
    }
    let result: unknown;
    let hasFailed = false;
    try {
      const flags = link.values.flagsOf(payload);
      if (flags === 0 && (this.options as RunOptions | undefined)?.borrow === true)
        result = link.values.borrowedOf(payload);
      else result = link.values.valueOf(payload);
      if (flags !== 0) {
        hasFailed = (flags & CallFlag.THROWN) !== 0;
        if ((flags & CallFlag.DESCRIBED) !== 0) result = errorOfDescription(result);
      }
    } catch (error) {
      hasFailed = true;
      result = error;
    }
    this.end();
    place.onCallEnded(this);
    if (hasFailed) this.#reject(result);
    else this.#resolve(result);
    link.peer.connection.yieldSoon();
  }

  protected override settleWith(error: unknown): void {
    this.#reject(error);
  }
}
