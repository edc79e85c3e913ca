import { isMet, type RatioRow } from '../harness/Measured.ts';
import { figure } from '../harness/program/table.ts';
import type { Evidence } from './Evidence.ts';

/** How a figure stands to its goal, in words. */
export interface GoalLine {
  readonly name: string;
  readonly reached: string;
  readonly interval: string;
  readonly goal: string;
  readonly isMet: boolean;
  /** `met`, or by how much not. */
  readonly verdict: string;
}

const PERCENT = 100;

/** Every goal of the groups whose names begin so. */
export function goalLines(evidence: Evidence, groups: readonly string[]): GoalLine[] {
  return groups
    .flatMap((group) => evidence.ratios(group))
    .filter(({ goal }) => goal !== undefined)
    .map(lineOf);
}

function lineOf(ratio: RatioRow): GoalLine {
  const { name, value, interval, goal = 0, lowerIsBetter, unit } = ratio;
  const units = unit === undefined ? '' : ` ${unit}`;
  return {
    name,
    reached: `${figure(value)}${units}`,
    interval: interval === undefined ? '' : `${figure(interval.low)} to ${figure(interval.high)}`,
    goal: `${lowerIsBetter ? 'at most' : 'at least'} ${figure(goal)}${units}`,
    isMet: isMet(ratio),
    verdict: isMet(ratio) ? 'met' : `missed: ${shortfall(ratio)}`,
  };
}

/** `61 % of it`, `1.4 times as much`. */
function shortfall({ value, goal = 0, lowerIsBetter }: RatioRow): string {
  if (!lowerIsBetter) return `${figure((value / goal) * PERCENT)} % of it`;
  return goal === 0 ? `${figure(value)} too much` : `${figure(value / goal)} times as much`;
}
