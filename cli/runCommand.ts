import { Arguments } from './Arguments.ts';
import { type Command, commandHelp } from './Command.ts';
import { callCommand } from './callCommand.ts';
import { describeError } from './describeError.ts';
import type { Host } from './Host.ts';
import { loadCommand } from './loadCommand.ts';
import { Style } from './Style.ts';
import { serveCommand } from './serveCommand.ts';
import { UsageError } from './UsageError.ts';

/** All went well. */
const OK = 0;
/** What was asked for failed. */
const FAILURE = 1;
/** It was asked for in the wrong way. */
const USAGE = 2;

const COMMANDS: readonly Command[] = [serveCommand, callCommand, loadCommand];

/** Runs what the command line says, and tells errors. Never rejects. @returns the exit code: 0, 1, or 2 for usage */
export async function runCommand(host: Host): Promise<number> {
  const [name, ...words] = host.argv.slice(2);
  const style = new Style(host.stderr, host.env);
  const complain = (error: unknown, code: number): number => {
    const prefix = ['flysocket', ...(command === undefined ? [] : [command.name])].join(' ');
    host.stderr.write(`${style.red(`${prefix}:`)} ${describeError(error)}\n`);
    if (code === USAGE) host.stderr.write(`Try: ${prefix} --help\n`);
    return code;
  };
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined) {
    if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
      host.stdout.write(overview());
      return name === undefined ? USAGE : OK;
    }
    return complain(new UsageError(`no command "${name}"`), USAGE);
  }
  try {
    const args = new Arguments(command.options, words);
    if (!args.has('help')) return await command.run(args, host);
    host.stdout.write(commandHelp(command));
    return OK;
  } catch (error) {
    const isUsage = error instanceof UsageError || (error as { code?: unknown }).code === 'ERR_FLYSOCKET_URL';
    return complain(error, isUsage ? USAGE : FAILURE);
  }
}

function overview(): string {
  return [
    'Usage: flysocket COMMAND ...',
    '',
    ...COMMANDS.map(({ name, operands, summary }) => `  ${`${name} ${operands}`.trim().padEnd(10)}  ${summary}`),
    '',
    'Each has its own --help. Exit codes: 0 done, 1 failed, 2 asked for in the wrong way.',
    '',
  ].join('\n');
}
