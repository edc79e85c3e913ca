import * as assert from 'uvu/assert';

export interface Outcome {
  readonly expect: 'acceptable' | 'forbidden';
  readonly because: string;
}

export type Outcomes = Readonly<Record<string, Outcome>>;

/** Counts how often each outcome of a race was seen. */
export class Tally<T extends Outcomes> {
  readonly #outcomes: T;
  readonly #counts: Map<keyof T, number> = new Map();
  #firstForbidden = '';

  constructor(outcomes: T) {
    this.#outcomes = outcomes;
  }

  /** @param detail makes the text that describes a forbidden outcome */
  count(name: keyof T, detail: () => string): void {
    this.#counts.set(name, this.get(name) + 1);
    const outcome = this.#outcomes[name] as Outcome;
    if (outcome.expect === 'forbidden' && this.#firstForbidden === '') {
      this.#firstForbidden = `${String(name)} (${outcome.because}): ${detail()}`;
    }
  }

  get(name: keyof T): number {
    return this.#counts.get(name) ?? 0;
  }

  get isForbidden(): boolean {
    return this.#firstForbidden !== '';
  }

  /** Asserts that nothing forbidden was seen. */
  assertAllowed(): void {
    const counts = JSON.stringify(Object.fromEntries(this.#counts));
    assert.is(this.#firstForbidden, '', `forbidden outcome: ${this.#firstForbidden}; seen: ${counts}`);
  }
}
