import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

export const USAGE = `node .build/examples/csv-pipeline/main.js [--rows N] [--threads N] [--block-kb N]

Makes a CSV file of orders, sums it up in worker threads, and checks the sums.

  --rows N       orders in the file; default: 500000
  --threads N    worker threads, 1 to 64; default: one less than the processor has cores, at least 1
  --block-kb N   KiB of the file that a thread gets at a time, 1 to 4096; default: 256
  --help         this text`;

export interface Arguments {
  readonly rows: number;
  readonly threads: number;
  /** In bytes. */
  readonly blockLength: number;
  readonly help: boolean;
}

/** @throws Error that says what is wrong with the arguments */
export function parseArguments(args: string[]): Arguments {
  const { values } = parseArgs({
    args,
    options: {
      rows: { type: 'string', default: '500000' },
      threads: { type: 'string', default: String(Math.max(1, availableParallelism() - 1)) },
      'block-kb': { type: 'string', default: '256' },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    rows: wholeNumber('--rows', values.rows, 100_000_000),
    threads: wholeNumber('--threads', values.threads, 64),
    blockLength: wholeNumber('--block-kb', values['block-kb'], 4096) * 1024,
    help: values.help,
  };
}

function wholeNumber(name: string, text: string, maximum: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= maximum) return value;
  throw new Error(`${name} is a whole number from 1 to ${maximum}: ${text}`);
}
