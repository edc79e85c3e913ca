const MULTIPLIER = 1_664_525;
const ADDEND = 1_013_904_223;
const SEED = 1;

/**
 * Work that has nothing to do with counting: steps of a random number generator, each of which needs the one before.
 * Which steps were done can be checked without doing them again, so nobody can claim to have worked who has not.
 */
export class OtherWork {
  #state = SEED;
  #steps = 0;

  do(steps: number): void {
    let state = this.#state;
    for (let step = 0; step < steps; step++) state = (Math.imul(state, MULTIPLIER) + ADDEND) | 0;
    this.#state = state;
    this.#steps += steps;
  }

  /** Steps since the last call. */
  take(): number {
    const steps = this.#steps;
    if (this.#state !== stateAfter(steps)) throw new Error(`other work: not the state after ${steps} steps`);
    this.#state = SEED;
    this.#steps = 0;
    return steps;
  }
}

/**
 * The generator's state after so many steps from SEED. Two steps are one of a generator with another multiplier and
 * addend, so it takes as many turns as the number has bits.
 */
export function stateAfter(steps: number): number {
  let [multiplier, addend] = [MULTIPLIER, ADDEND];
  let state = SEED;
  for (let left = steps; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) state = (Math.imul(state, multiplier) + addend) | 0;
    addend = (Math.imul(addend, multiplier) + addend) | 0;
    multiplier = Math.imul(multiplier, multiplier);
  }
  return state;
}
