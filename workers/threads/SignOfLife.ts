import { IgnoringSubscriber } from '../../core/index.ts';
import type { CallLink } from '../calls/CallLink.ts';

/** Asks a thread whether it still does anything: a thread that computes, or waits for a lock, does not answer. */
export class SignOfLife extends IgnoringSubscriber {
  readonly #timer: NodeJS.Timeout;
  readonly #onAnswer: (lives: boolean) => void;
  #isOver = false;

  /** @param onAnswer called once: false if nothing came in time. Not called if the link ends */
  constructor(link: CallLink, timeoutMs: number, onAnswer: (lives: boolean) => void) {
    super();
    this.#onAnswer = onAnswer;
    this.#timer = setTimeout(() => this.#settle(false), timeoutMs).unref();
    this.#ask(link);
  }

  override onNext(): void {
    this.#settle(true);
  }

  override onError(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  #ask(link: CallLink): void {
    if (this.#isOver || link.peer.isClosed) clearTimeout(this.#timer);
    else if (link.ping(this) <= 0) link.whenWritable(() => this.#ask(link));
  }

  #settle(lives: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#onAnswer(lives);
  }
}
