import type { RatioSpec } from '../Contender.ts';
import type { RatioRow } from '../Measured.ts';
import { pairedRatio } from '../statistics/bootstrap.ts';

/**
 * The ratio of two contenders, round by round, since both met the same state of the machine in one round.
 * @param figures of the rounds by contender
 * @returns nothing if one of the two is not there
 */
export function ratioRow(group: string, spec: RatioSpec, figures: ReadonlyMap<string, readonly number[]>): RatioRow[] {
  const above = figures.get(spec.contender);
  const below = figures.get(spec.against);
  if (above === undefined || below === undefined) return [];
  const { value, interval } = pairedRatio(above, below);
  return [
    {
      name: `${group}: ${spec.name}`,
      value,
      lowerIsBetter: spec.lowerIsBetter ?? false,
      ...(spec.goal === undefined ? {} : { goal: spec.goal }),
      ...(interval === undefined ? {} : { interval }),
    },
  ];
}
