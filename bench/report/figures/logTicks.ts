/** From fine to coarse: which digits of each decade have a tick. */
const DIGITS: readonly (readonly number[])[] = [
  [1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9],
  [1, 2, 3, 5, 7],
  [1, 2, 5],
  [1, 3],
  [1],
];

/** Round numbers for a logarithmic axis: as many as there are up to `most`, but every power of ten in any case. */
export function logTicks(low: number, high: number, most: number): number[] {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  let ticks: number[] = [];
  for (const digits of DIGITS) {
    ticks = [];
    for (let power = first; power <= last; power++) {
      for (const digit of digits) {
        const tick = Number(`${digit}e${power}`);
        if (tick >= low && tick <= high) ticks.push(tick);
      }
    }
    if (ticks.length <= most) break;
  }
  return ticks;
}

/** A domain that holds all values, and reaches over at least so many times its beginning. */
export function logDomain(values: readonly number[], least = 1): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const missing = Math.sqrt(Math.max(1, least / (high / low)));
  return [low / missing, high * missing];
}
