import { isLowerBetter, type ResultRow } from '../harness/Measured.ts';
import { figure } from '../harness/program/table.ts';
import { pairedRatio } from '../harness/statistics/bootstrap.ts';
import type { Evidence } from './Evidence.ts';
import type { Headline } from './headlines.ts';

/** A headline with what was measured. */
export interface HeadlineLine extends Headline {
  readonly oursText: string;
  readonly theirsText: string;
  /** By how many times ours is better. */
  readonly better: number;
  readonly interval: { readonly low: number; readonly high: number } | undefined;
}

/** Those that were measured. */
export function headlineLines(evidence: Evidence, all: readonly Headline[]): HeadlineLine[] {
  return all.flatMap((headline) => {
    const { group, ours, theirs } = headline;
    const [above, below] = [evidence.row(group, ours), evidence.row(group, theirs)];
    if (above === undefined || below === undefined) return [];
    const better = isLowerBetter(above.unit) ? [below, above] : [above, below];
    const { value, interval } = pairedRatio(...(better.map(samplesOf) as [readonly number[], readonly number[]]));
    return { ...headline, oursText: textOf(above), theirsText: textOf(below), better: value, interval };
  });
}

function samplesOf({ samples, median }: ResultRow): readonly number[] {
  return samples ?? [median];
}

function textOf({ median, unit }: ResultRow): string {
  return isLowerBetter(unit) ? `${figure(median)} ${unit.split(' ')[0]}` : `${figure(median)}/s`;
}
