import type { AnyGroup } from '../AnyGroup.ts';
import type { Failure, Measured, RatioRow, ResultRow } from '../Measured.ts';
import { ChildHost } from '../processes/ChildHost.ts';
import { type BenchRecord, RECORD_FORMAT, RECORD_VERSION } from '../records/BenchRecord.ts';
import { Calibration } from '../records/Calibration.ts';
import { loadAverage, thisMachine } from '../records/Machine.ts';
import { FULL_PACE, QUICK_PACE } from '../run/Pace.ts';
import { runGroup } from '../run/runGroup.ts';
import { Progress } from './Progress.ts';
import { machineText, resultsTable } from './report.ts';

export interface RunGroupsOptions {
  readonly groups: readonly AnyGroup[];
  /** The bench program's own file, which is started again to host a group. */
  readonly program: string;
  readonly isQuick: boolean;
  /** What is known to be missing. */
  readonly skipped: readonly string[];
  readonly print: (line: string) => void;
}

/** Measures groups one after the other, prints each as it is done, and gives back all there is to know of the run. */
export async function runGroups({ groups, program, isQuick, skipped, print }: RunGroupsOptions): Promise<BenchRecord> {
  const date = new Date().toISOString();
  const machine = thisMachine();
  const loadBefore = loadAverage();
  const calibration = new Calibration();
  const progress = new Progress(process.stderr, groups.map(costOf), isQuick);
  const results: ResultRow[] = [];
  const ratios: RatioRow[] = [];
  const absent: string[] = [...skipped];
  const failures: Failure[] = [];
  print(machineText(machine));
  for (const group of groups) {
    calibration.sample();
    progress.begin(group.name);
    const start = performance.now();
    const measured = checked(
      group.name,
      await runGroup(group, {
        pace: isQuick ? QUICK_PACE : FULL_PACE,
        start: (nodeFlags) => ChildHost.start(group.hostProgram ?? program, group.name, nodeFlags),
        onStep: (contender, doing) => progress.show(`${contender}: ${doing}`),
      }),
    );
    progress.end();
    const seconds = (performance.now() - start) / 1000;
    print(`\n${group.name}  (${seconds.toFixed(1)} s)\n${resultsTable(measured.results)}`);
    for (const line of measured.skipped ?? []) print(`skipped: ${line}`);
    for (const { contender, message } of measured.failures ?? [])
      print(`FAILED: ${contender ?? group.name} ${message}`);
    results.push(...measured.results);
    ratios.push(...measured.ratios);
    absent.push(...(measured.skipped ?? []));
    failures.push(...(measured.failures ?? []));
  }
  calibration.sample();
  return {
    format: RECORD_FORMAT,
    version: RECORD_VERSION,
    date,
    machine,
    noise: calibration.noise(),
    loadBefore,
    loadAfter: loadAverage(),
    quick: isQuick,
    results,
    ratios,
    skipped: [...new Set(absent)],
    failures,
  };
}

function costOf(group: AnyGroup): number {
  return group.cost ?? ('patience' in group ? (group.patience ?? 1) : 1);
}

/** A figure that is no number is a failure of whoever measured it. */
function checked(group: string, { results, ratios, skipped = [], failures = [] }: Measured): Measured {
  const isFigure = ({ median, samples = [] }: ResultRow): boolean => [median, ...samples].every(Number.isFinite);
  const without = results.filter((row) => !isFigure(row));
  const isRatio = ({ value }: RatioRow): boolean => Number.isFinite(value);
  return {
    results: results.filter(isFigure),
    ratios: ratios.filter(isRatio),
    skipped,
    failures: [
      ...failures,
      ...ratios.filter((row) => !isRatio(row)).map(({ name }) => ({ group, message: `fails: no figure for ${name}` })),
      ...without.map(({ contender, unit }) => ({ group, contender, message: `fails: no figure in ${unit}` })),
    ],
  };
}
