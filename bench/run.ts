/**
 * npm run bench -- [--only NAME[,NAME...]]... [--quick] [--json [FILE]] [--strict]
 *
 * Measures every group whose name contains NAME, prints a table of each and how the ratios stand to their goals, and
 * writes the same as JSON: to FILE, or to standard output, when all the rest goes to standard error.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { groups } from './groups.ts';
import type { RatioRow, ResultRow } from './harness/ProgramGroup.ts';
import { isMet, machine, type Report, ratiosTable, resultsTable } from './harness/report.ts';
import { installRivals } from './harness/rivals.ts';
import { type Pace, runGroup } from './harness/runGroup.ts';

const FULL: Pace = { rounds: 9, roundMs: 250, warmupMs: 500 };
const QUICK: Pace = { rounds: 3, roundMs: 100, warmupMs: 250 };
const STANDARD_OUTPUT = '-';
/** A group that takes longer has lost a thread. */
const GROUP_TIMEOUT_MS = 180_000;

/** `--json` may stand without a file. */
function withJsonTarget(args: readonly string[]): string[] {
  return args.flatMap((arg, at) => {
    const next = args[at + 1];
    return arg === '--json' && (next === undefined || next.startsWith('--')) ? [arg, STANDARD_OUTPUT] : [arg];
  });
}

const { values } = parseArgs({
  args: withJsonTarget(process.argv.slice(2)),
  options: {
    only: { type: 'string', multiple: true, default: [] },
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    strict: { type: 'boolean', default: false },
  },
});
const { quick, json, strict } = values;
const only = values.only.flatMap((names) => names.split(','));

const print = (line: string): void => {
  if (json === STANDARD_OUTPUT) console.error(line);
  else console.log(line);
};

const selected = groups.filter(({ name }) => only.length === 0 || only.some((part) => name.includes(part)));
if (selected.length === 0) {
  console.error(
    `no group is named so: ${only.join(', ')}\nthere are:\n  ${groups.map(({ name }) => name).join('\n  ')}`,
  );
  process.exit(1);
}

const skipped = installRivals(print).map((name) => `${name}: not installed and could not be`);
for (const line of skipped) print(`skipped: ${line}`);

const results: ResultRow[] = [];
const ratios: RatioRow[] = [];
for (const group of selected) {
  print(`\n${group.name}`);
  const watchdog = setTimeout(() => {
    console.error(`${group.name}: not done within ${GROUP_TIMEOUT_MS} ms`);
    process.exit(1);
  }, GROUP_TIMEOUT_MS);
  const measured = 'measure' in group ? await group.measure(quick) : await runGroup(group, quick ? QUICK : FULL);
  clearTimeout(watchdog);
  print(resultsTable(measured.results));
  results.push(...measured.results);
  ratios.push(...measured.ratios);
}
if (ratios.length > 0) print(`\n${ratiosTable(ratios)}`);

if (json !== undefined) {
  const report: Report = { date: new Date().toISOString(), machine: machine(), quick, results, ratios, skipped };
  const text = `${JSON.stringify(report, null, 2)}\n`;
  if (json === STANDARD_OUTPUT) {
    process.stdout.write(text);
  } else {
    mkdirSync(dirname(json), { recursive: true });
    writeFileSync(json, text);
    print(`written: ${json}`);
  }
}
if (strict && !ratios.every(isMet)) process.exitCode = 1;
