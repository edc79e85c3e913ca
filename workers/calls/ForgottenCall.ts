import type { PayloadFlyweight } from '../../flyweight/index.ts';
import { CallFlag } from '../values/CallHeaderDescriptor.ts';
import { errorOfDescription } from '../values/describeThrown.ts';
import type { CallLink } from './CallLink.ts';
import type { CallOptions } from './CallOptions.ts';
import type { CallTarget } from './CallTarget.ts';
import { type CallOwner, type CallPlace, PoolCall } from './PoolCall.ts';

/** A call whose result nobody wants: its promise is settled when it is on its way. */
export class ForgottenCall extends PoolCall {
  readonly #resolve: () => void;
  readonly #reject: (error: unknown) => void;
  readonly #onUncaught: (error: unknown) => void;
  #isSettled = false;

  constructor(
    taskId: number,
    owner: CallOwner,
    target: CallTarget,
    task: unknown,
    options: CallOptions | undefined,
    resolve: () => void,
    reject: (error: unknown) => void,
    onUncaught: (error: unknown) => void,
  ) {
    super(taskId, owner, target, task, options);
    this.#resolve = resolve;
    this.#reject = reject;
    this.#onUncaught = onUncaught;
  }

  override send(link: CallLink, slot: number): number {
    return link.call(this.target, slot, CallFlag.DISCARD, this.task, this.transfer, this);
  }

  override begun(place: CallPlace): void {
    super.begun(place);
    this.#isSettled = true;
    this.#resolve();
  }

  override onNext(payload: PayloadFlyweight): void {
    const place = this.place as CallPlace;
    const { link } = place;
    const flags = link.values.flagsOf(payload);
    let thrown: unknown;
    try {
      thrown = link.values.valueOf(payload);
      if ((flags & CallFlag.DESCRIBED) !== 0) thrown = errorOfDescription(thrown);
    } catch (error) {
      thrown = error;
    }
    this.end();
    place.onCallEnded(this);
    if ((flags & CallFlag.THROWN) !== 0) this.#onUncaught(thrown);
  }

  /** Once it was on its way, what goes wrong is told to the pool, unless the caller has given it up. */
  protected override settleWith(error: unknown): void {
    if (!this.#isSettled) {
      this.#isSettled = true;
      this.#reject(error);
    } else this.#onUncaught(error);
  }
}
