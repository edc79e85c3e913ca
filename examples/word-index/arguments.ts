import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export const USAGE = `npm start [-- FOLDER] [--workers N] [--limit-mb N] [--json]

Indexes the words of every text file below FOLDER in worker threads, in four ways, and compares the ways.

  FOLDER         default: node_modules, this project's own
  --workers N    worker threads, 1 to 64; default: one less than the processor has cores, at least 1
  --limit-mb N   megabytes of text at most, 1 to 4000; default: 64
  --json         one JSON object as the last line of standard output; all the rest goes to standard error
  --help         this text`;

export const MEGABYTE = 1_000_000;
const DEFAULT_FOLDER = 'node_modules';
const DEFAULT_LIMIT_MB = 64;
const MAX_LIMIT_MB = 4000;
const MAX_WORKERS = 64;

export interface Arguments {
  /** Absolute. */
  readonly folder: string;
  readonly workers: number;
  readonly limitBytes: number;
  readonly json: boolean;
  readonly help: boolean;
}

/** @throws Error that says what is wrong with the arguments */
export function parseArguments(args: string[]): Arguments {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      workers: { type: 'string' },
      'limit-mb': { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (positionals.length > 1) throw new Error(`one folder at most: ${positionals.join(' ')}`);
  const folder = resolve(positionals[0] ?? DEFAULT_FOLDER);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`no such folder: ${folder}`);
  return {
    folder,
    workers: wholeNumber('--workers', values.workers, MAX_WORKERS) ?? Math.max(1, availableParallelism() - 1),
    limitBytes: (wholeNumber('--limit-mb', values['limit-mb'], MAX_LIMIT_MB) ?? DEFAULT_LIMIT_MB) * MEGABYTE,
    json: values.json,
    help: values.help,
  };
}

function wholeNumber(name: string, text: string | undefined, maximum: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= maximum) return value;
  throw new Error(`${name} is a whole number from 1 to ${maximum}: ${text}`);
}
