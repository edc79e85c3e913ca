/** Types the commands of a terminal on a page, and writes down what comes back. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const COMMAND = /^\$ npx flysocket (.*?)( &)?$/;
const COMMAND_TIMEOUT_MS = 20_000;

const { bin } = JSON.parse(readFileSync('package.json', 'utf8')) as { bin: { flysocket: string } };
const program = resolve(bin.flysocket);

/**
 * @param isReady awaited after a command that goes on in the background
 * @returns the terminal as it then looks
 */
export async function runConsole(source: string, folder: string, isReady: () => Promise<unknown>): Promise<string> {
  const background: ChildProcess[] = [];
  let terminal = '';
  try {
    for (const line of source.split('\n').filter((each) => each.startsWith('$ '))) {
      const [, words, ampersand] = COMMAND.exec(line) ?? [];
      if (words === undefined) throw new Error(`not understood: ${line}`);
      terminal += `${line}\n`;
      if (ampersand === undefined) {
        const output = await outputOf(words.split(' '), folder);
        terminal += output === '' || output.endsWith('\n') ? output : `${output}\n`;
        continue;
      }
      background.push(spawn(process.execPath, [program, ...words.split(' ')], { cwd: folder, stdio: 'ignore' }));
      await isReady();
    }
    return terminal;
  } finally {
    for (const each of background) each.kill();
  }
}

function outputOf(words: readonly string[], folder: string): Promise<string> {
  return new Promise((settle) => {
    const command = spawn(process.execPath, [program, ...words], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    const timer = setTimeout(() => command.kill('SIGKILL'), COMMAND_TIMEOUT_MS);
    let output = '';
    const add = (text: string): void => {
      output += text;
    };
    command.stdout.setEncoding('utf8').on('data', add);
    command.stderr.setEncoding('utf8').on('data', add);
    command.once('close', () => {
      clearTimeout(timer);
      settle(output);
    });
  });
}
