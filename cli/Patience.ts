import { RSocketError } from '../flyweight/index.ts';

/** A time limit for each step of something longer: aborts when so long nothing has happened. */
export class Patience {
  readonly #controller: AbortController = new AbortController();
  readonly #timeoutMs: number;
  #timer: NodeJS.Timeout | undefined;
  /** Others that are waited for, which does not count; and one more once it is over. */
  #pauses = 0;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.#begin();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Waits for what does not count: somebody who types, or reads. Afterwards the time begins anew. */
  async during<T>(other: Promise<T>): Promise<T> {
    this.#pauses++;
    clearTimeout(this.#timer);
    try {
      return await other;
    } finally {
      if (--this.#pauses === 0) this.#begin();
    }
  }

  /** It is over. */
  end(): void {
    this.#pauses++;
    clearTimeout(this.#timer);
  }

  #begin(): void {
    this.#timer = setTimeout(() => {
      const message = `nothing came within ${this.#timeoutMs} ms`;
      this.#controller.abort(new RSocketError('ERR_FLYSOCKET_CALL_TIMEOUT', message));
    }, this.#timeoutMs);
  }
}
