import { parseArgs } from 'node:util';
import { UsageError } from './UsageError.ts';

/** Stands for standard output in the place of a file. */
export const STANDARD_OUTPUT = '-';

export interface BenchArguments {
  /** Parts of names of groups; empty for all. */
  readonly only: readonly string[];
  readonly quick: boolean;
  /** By what factor, 1 at least, a goal may be missed before that is an error; in a comparison 1. Absent: never. */
  readonly strict: number | undefined;
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

const COMPARE = 'compare';
const PLAIN_FACTOR = '1';

/** What stands for an option's value where it has none. */
const WITHOUT_VALUE: Readonly<Record<string, string>> = {
  '--strict': PLAIN_FACTOR,
  '--json': STANDARD_OUTPUT,
  '--csv': STANDARD_OUTPUT,
  '--record': '',
};

/** @throws UsageError */
export function parseBenchArguments(args: readonly string[]): BenchArguments {
  const { values, positionals } = parse(args);
  const { quick, list, help, json, csv, record } = values;
  const compare = comparisonOf(positionals);
  const strict = factorOf(values.strict, compare !== undefined);
  const only = values.only.flatMap((names) => names.split(',')).filter((name) => name !== '');
  if (json === STANDARD_OUTPUT && csv === STANDARD_OUTPUT)
    throw new UsageError('--json and --csv cannot both go to standard output: give one of them a file');
  if (record !== undefined && /[\\/]|^\.+$/.test(record))
    throw new UsageError(`--record takes the name of a machine, which is no path: ${record}`);
  return { only, quick, strict, list, help, json, csv, record, compare };
}

function parse(args: readonly string[]) {
  const isComparison = args.includes(COMPARE);
  try {
    return parseArgs({
      args: args.map((arg, at) => {
        const next = args[at + 1];
        const stands = WITHOUT_VALUE[arg];
        const isAlone = next === undefined || next.startsWith('--') || (isComparison && arg === '--strict');
        return stands !== undefined && isAlone ? `${arg}=${stands}` : arg;
      }),
      allowPositionals: true,
      options: {
        only: { type: 'string', multiple: true, default: [] },
        quick: { type: 'boolean', default: false },
        strict: { type: 'string' },
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

function factorOf(text: string | undefined, isComparison: boolean): number | undefined {
  if (text === undefined) return undefined;
  const factor = text.trim() === '' ? Number.NaN : Number(text);
  if (!(Number.isFinite(factor) && factor >= 1))
    throw new UsageError(`--strict takes a factor, which is a number from 1 on: ${text}`);
  if (isComparison && factor !== 1) throw new UsageError('--strict takes no factor in a comparison');
  return factor;
}

function comparisonOf(positionals: readonly string[]): [string, string] | undefined {
  const [command, before, after, ...rest] = positionals;
  if (command === undefined) return undefined;
  if (command !== COMPARE) throw new UsageError(`no such command: ${command}; there is: compare BEFORE AFTER`);
  if (before === undefined || after === undefined || rest.length > 0)
    throw new UsageError(`compare takes two records: compare BEFORE AFTER`);
  return [before, after];
}
