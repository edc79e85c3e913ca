import type { Arguments } from './Arguments.ts';
import type { Host } from './Host.ts';
import { HELP_OPTION, type Option } from './Option.ts';

/** What stands behind a word on the command line. */
export interface Command {
  readonly name: string;
  /** What follows its name, besides options: `URL`. */
  readonly operands: string;
  /** One line. */
  readonly summary: string;
  readonly options: readonly Option[];
  /** Lines below the options. */
  readonly notes?: string;
  /** @returns the exit code */
  run(args: Arguments, host: Host): Promise<number>;
}

const GAP = 2;

/** The text for `--help`. */
export function commandHelp({ name, operands, summary, options, notes }: Command): string {
  const rows = [...options, HELP_OPTION].map(({ name: long, short, value, help }) => {
    const letter = short === undefined ? '    ' : `-${short}, `;
    return [`${letter}--${long}${value === undefined ? '' : ` ${value}`}`, help] as const;
  });
  const width = Math.max(...rows.map(([left]) => left.length)) + GAP;
  return [
    `Usage: flysocket ${[name, operands, '[options]'].filter(Boolean).join(' ')}`,
    '',
    summary,
    '',
    ...rows.map(([left, help]) => `  ${left.padEnd(width)}${help}`),
    ...(notes === undefined ? [] : ['', notes]),
    '',
  ].join('\n');
}
