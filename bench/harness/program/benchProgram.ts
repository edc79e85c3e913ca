import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { AnyGroup } from '../AnyGroup.ts';
import { HOST_ARGUMENT, hostGroup } from '../processes/hostGroup.ts';
import type { BenchRecord } from '../records/BenchRecord.ts';
import { compareRecords } from '../records/compareRecords.ts';
import { machineName } from '../records/Machine.ts';
import { readRecord } from '../records/readRecord.ts';
import { recordPath } from '../records/recordPath.ts';
import { toCsv } from '../records/toCsv.ts';
import { isMissedBy } from './isMissedBy.ts';
import { type BenchArguments, parseBenchArguments, STANDARD_OUTPUT } from './parseBenchArguments.ts';
import { comparisonText, conditionsText, missedText, ratiosTable } from './report.ts';
import { runGroups } from './runGroups.ts';
import { UsageError } from './UsageError.ts';

/**
 * Loads every group; given a name, at least the group of that name. The process that hosts one group had better not
 * hold all others: collecting its garbage takes longer the more modules it has loaded.
 */
export type LoadGroups = (name?: string) => readonly AnyGroup[] | Promise<readonly AnyGroup[]>;

export interface BenchProgramOptions {
  /** Every group, in the order in which they run; or what loads them. */
  readonly groups: readonly AnyGroup[] | LoadGroups;
  /** Where `--record` writes, below the working directory unless absolute. Default `record`. */
  readonly recordFolder?: string;
  /**
   * Called once before the first group, in the main process alone: installs what is missing.
   * @returns what will not be measured and why
   */
  prepare?(log: (line: string) => void): readonly string[] | Promise<readonly string[]>;
}

/** Something failed, a record could not be read, or a goal was missed with `--strict`. */
const EXIT_FAILED = 1;
/** The arguments are wrong. */
const EXIT_USAGE = 2;

const USAGE = `Arguments:
  --only NAME[,NAME...]   groups whose names contain NAME; may be given more than once
  --list                  names the groups and measures nothing
  --quick                 a second or two a group, to see that everything runs
  --strict [FACTOR]       a goal missed by more than FACTOR is an error, without one any that is missed; in a
                          comparison, anything worse
  --json [FILE]           writes the record to FILE, or to standard output, and all else to standard error
  --csv [FILE]            likewise the results as a table
  --record [MACHINE]      writes the record to the folder of this machine, by today's date
  compare BEFORE AFTER    what has changed from one record to another, beyond noise`;

/**
 * The whole of a bench program: reads the arguments, measures the groups, prints tables, writes records, compares
 * records. Sets `process.exitCode`: 1 if anything failed, 2 for wrong arguments.
 *
 * Each group runs in a process of its own, which is this same program started again: what a program does before it
 * calls this is done there too, so it should do nothing but import its groups, and `await` this.
 */
export async function benchProgram(options: BenchProgramOptions): Promise<void> {
  const [, program, ...args] = process.argv;
  try {
    if (args[0] === HOST_ARGUMENT) return await host(options, args[1]);
    process.exitCode = await run(options, program as string, parseBenchArguments(args));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    if (error instanceof UsageError) console.error(`\n${USAGE}`);
    process.exitCode = error instanceof UsageError ? EXIT_USAGE : EXIT_FAILED;
  }
}

async function host({ groups }: BenchProgramOptions, name: string | undefined): Promise<never> {
  const loaded = typeof groups === 'function' ? await groups(name) : groups;
  const group = loaded.find((each) => each.name === name);
  if (group === undefined) throw new UsageError(`no group is named so: ${name}`);
  return hostGroup(group);
}

async function run(options: BenchProgramOptions, program: string, args: BenchArguments): Promise<number> {
  if (args.help) {
    console.log(USAGE);
    return 0;
  }
  if (args.compare !== undefined) return compare(args.compare, args.strict !== undefined);
  const groups = select(typeof options.groups === 'function' ? await options.groups() : options.groups, args.only);
  if (args.list) {
    console.log(groups.map(({ name }) => name).join('\n'));
    return 0;
  }
  const isPrintedElsewhere = args.json === STANDARD_OUTPUT || args.csv === STANDARD_OUTPUT;
  const print = (line: string): void => (isPrintedElsewhere ? console.error(line) : console.log(line));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(EXIT_FAILED));
  const skipped = (await options.prepare?.(print)) ?? [];
  const record = await runGroups({ groups, program, isQuick: args.quick, skipped, print });
  printEnd(record, print);
  write(record, args, options.recordFolder ?? 'record', print);
  const { strict } = args;
  const missed = strict === undefined ? [] : record.ratios.filter((row) => isMissedBy(row, strict));
  if (missed.length > 0) console.error(`\n${missedText(missed, strict)}`);
  return record.failures.length + missed.length > 0 ? EXIT_FAILED : 0;
}

/** @throws UsageError if one of the names is no part of any group's */
function select(groups: readonly AnyGroup[], only: readonly string[]): readonly AnyGroup[] {
  const isNamed = (group: AnyGroup, part: string): boolean => group.name.includes(part);
  const unknown = only.filter((part) => !groups.some((group) => isNamed(group, part)));
  if (unknown.length > 0) {
    const names = groups.map(({ name }) => `  ${name}`).join('\n');
    throw new UsageError(`no group is named so: ${unknown.join(', ')}\nthere are:\n${names}`);
  }
  return only.length === 0 ? groups : groups.filter((group) => only.some((part) => isNamed(group, part)));
}

function compare([before, after]: readonly [string, string], isStrict: boolean): number {
  const comparison = compareRecords(readRecord(before), readRecord(after));
  console.log(comparisonText(comparison));
  return isStrict && comparison.changes.some(({ verdict }) => verdict === 'worse') ? EXIT_FAILED : 0;
}

function printEnd(record: BenchRecord, print: (line: string) => void): void {
  if (record.ratios.length > 0) print(`\n${ratiosTable(record.ratios)}`);
  if (record.quick) print('\na quick run, in which little of the code is compiled: goals are for full runs');
  print(`\n${conditionsText(record)}`);
  for (const line of record.skipped) print(`skipped: ${line}`);
  if (record.failures.length === 0) return;
  console.error(`\n${record.failures.length} failed:`);
  for (const { group, contender, message } of record.failures) {
    console.error(`  ${group}${contender === undefined ? '' : `: ${contender}`} ${message}`);
  }
}

function write(record: BenchRecord, args: BenchArguments, folder: string, print: (line: string) => void): void {
  const json = `${JSON.stringify(record, null, 2)}\n`;
  const to = (target: string | undefined, text: string): void => {
    if (target === undefined) return;
    if (target === STANDARD_OUTPUT) {
      process.stdout.write(text);
      return;
    }
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
    print(`written: ${target}`);
  };
  to(args.json, json);
  to(args.csv, toCsv(record.results));
  if (args.record === undefined) return;
  to(recordPath(folder, args.record === '' ? machineName(record.machine) : args.record, new Date(record.date)), json);
}
