/** What keeps a process with links alive, and what lets it end: each in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('life of a process with links');
const PROGRAM = fileURLToPath(new URL('./linkLifeProgram.js', import.meta.url));
const LONGEST_MS = 10_000;
/** How long a process that shall stay alive is watched. */
const WATCH_MS = 500;

interface Ending {
  readonly lines: string[];
  /** Undefined if it had to be killed. */
  readonly code: number | undefined;
}

/** Runs a program to its end, or kills it: after `killAfterMs` since its first line, and in any case in the end. */
function run(name: string, killAfterMs = LONGEST_MS): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const child: ChildProcess = spawn(process.execPath, [PROGRAM, name], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    let wasKilled = false;
    const kill = (): void => {
      wasKilled = true;
      child.kill('SIGKILL');
    };
    const limit = setTimeout(kill, LONGEST_MS);
    let watch: NodeJS.Timeout | undefined;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      watch ??= setTimeout(kill, killAfterMs);
    });
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(limit);
      clearTimeout(watch);
      resolve({ lines: output.split('\n').slice(0, -1), code: wasKilled ? undefined : (code ?? -1) });
    });
  });
}

/** @param expected lines, in any order: the end of a link and the exit of its thread come by different ways */
function endsByItself(name: string, expected: string[]): void {
  test(
    `${name}: the process ends by itself`,
    async () => {
      const { lines, code } = await run(name);
      assert.equal({ lines: lines.sort(), code }, { lines: expected.sort(), code: 0 });
    },
    { timeoutMs: 2 * LONGEST_MS },
  );
}

function staysAlive(name: string, lines: string[]): void {
  test(
    `${name}: the process stays alive`,
    async () => assert.equal(await run(name, WATCH_MS), { lines, code: undefined }),
    { timeoutMs: 2 * LONGEST_MS },
  );
}

staysAlive('open', ['hello']);
staysAlive('unref and ref', ['hello']);
endsByItself('closed by the parent', ['hello', 'worker exit 0']);
endsByItself('closed by the worker', ['closed', 'worker exit 0']);
endsByItself('unref', ['hello']);
endsByItself('worker stays alive', ['still open', 'worker exit 0']);
endsByItself('worker terminated', ['worker exit 1', 'ERR_FLYSOCKET_PEER_DIED']);
endsByItself('both ends here', []);
endsByItself('introduced', ['worker exit 0', 'worker exit 0']);
endsByItself('no handle stays', ['none']);

test.run();
