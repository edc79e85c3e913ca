import { parseArgs } from 'node:util';
import { UsageError } from './UsageError.ts';

/** Stands for standard output in the place of a file. */
export const STANDARD_OUTPUT = '-';

export interface BenchArguments {
  /** Parts of names of groups; empty for all. */
  readonly only: readonly string[];
  readonly quick: boolean;
  /** A missed goal, or in a comparison anything worse, is an error. */
  readonly strict: boolean;
  readonly list: boolean;
  readonly help: boolean;
  /** File, or STANDARD_OUTPUT. */
  readonly json: string | undefined;
  readonly csv: string | undefined;
  /** What the machine is called, or empty for the name that it gives itself. */
  readonly record: string | undefined;
  /** Paths of two records. */
  readonly compare: readonly [string, string] | undefined;
}

/** What stands for an option's value where it has none. */
const WITHOUT_VALUE: Readonly<Record<string, string>> = {
  '--json': STANDARD_OUTPUT,
  '--csv': STANDARD_OUTPUT,
  '--record': '',
};

/** @throws UsageError */
export function parseBenchArguments(args: readonly string[]): BenchArguments {
  const { values, positionals } = parse(args);
  const { quick, strict, list, help, json, csv, record } = values;
  const only = values.only.flatMap((names) => names.split(',')).filter((name) => name !== '');
  if (json === STANDARD_OUTPUT && csv === STANDARD_OUTPUT)
    throw new UsageError('--json and --csv cannot both go to standard output: give one of them a file');
  if (record !== undefined && /[\\/]|^\.+$/.test(record))
    throw new UsageError(`--record takes the name of a machine, which is no path: ${record}`);
  return { only, quick, strict, list, help, json, csv, record, compare: comparisonOf(positionals) };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: args.map((arg, at) => {
        const next = args[at + 1];
        const stands = WITHOUT_VALUE[arg];
        return stands !== undefined && (next === undefined || next.startsWith('--')) ? `${arg}=${stands}` : arg;
      }),
      allowPositionals: true,
      options: {
        only: { type: 'string', multiple: true, default: [] },
        quick: { type: 'boolean', default: false },
        strict: { type: 'boolean', default: false },
        list: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        json: { type: 'string' },
        csv: { type: 'string' },
        record: { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function comparisonOf(positionals: readonly string[]): [string, string] | undefined {
  const [command, before, after, ...rest] = positionals;
  if (command === undefined) return undefined;
  if (command !== 'compare') throw new UsageError(`no such command: ${command}; there is: compare BEFORE AFTER`);
  if (before === undefined || after === undefined || rest.length > 0)
    throw new UsageError(`compare takes two records: compare BEFORE AFTER`);
  return [before, after];
}
