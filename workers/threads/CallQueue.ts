import type { PoolCall } from '../calls/PoolCall.ts';

/** The calls that wait, in their order: a chain through the calls themselves, so that any of them leaves at no cost. */
export class CallQueue {
  size = 0;
  #first: PoolCall | undefined;
  #last: PoolCall | undefined;

  push(call: PoolCall): void {
    call.previous = this.#last;
    if (this.#last === undefined) this.#first = call;
    else this.#last.following = call;
    this.#last = call;
    this.size++;
  }

  unshift(call: PoolCall): void {
    call.following = this.#first;
    if (this.#first === undefined) this.#last = call;
    else this.#first.previous = call;
    this.#first = call;
    this.size++;
  }

  shift(): PoolCall | null {
    const first = this.#first;
    if (first === undefined) return null;
    this.remove(first);
    return first;
  }

  /** @param call one that is in this queue */
  remove(call: PoolCall): void {
    const { previous, following } = call;
    if (previous === undefined) this.#first = following;
    else previous.following = following;
    if (following === undefined) this.#last = previous;
    else following.previous = previous;
    call.previous = undefined;
    call.following = undefined;
    this.size--;
  }
}
