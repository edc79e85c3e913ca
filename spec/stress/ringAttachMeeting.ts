const MEETING_TIMEOUT_MS = 5_000;

/** Returns in both threads at nearly the same moment, once both have come for this round. */
export function meet(words: Int32Array, round: number, who: 'main' | 'worker'): void {
  const [mine, theirs] = who === 'main' ? [0, 1] : [1, 0];
  const deadline = Date.now() + MEETING_TIMEOUT_MS;
  Atomics.store(words, mine, round + 1);
  while (Atomics.load(words, theirs) < round + 1) {
    if (Date.now() > deadline) throw new Error(`round ${round}: the other thread did not come`);
  }
}
