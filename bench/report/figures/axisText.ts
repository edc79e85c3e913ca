const PREFIXES: readonly (readonly [number, string])[] = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
];

/** A round number as it stands at an axis: `20k`, `1.5M`, `0.2`. */
export function axisText(value: number): string {
  const [factor, prefix] = PREFIXES.find(([least]) => value >= least) ?? [1, ''];
  return `${Number((value / factor).toPrecision(3))}${prefix}`;
}

/** A ratio at an axis: `20x`, `1/5`. */
export function ratioText(value: number): string {
  return value < 1 ? `1/${axisText(1 / value)}` : `${axisText(value)}x`;
}
