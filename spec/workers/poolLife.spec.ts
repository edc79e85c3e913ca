/** What keeps a process with a pool alive, and what lets it end: each in a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('life of a process with a pool');
const PROGRAM = fileURLToPath(new URL('./poolLifeProgram.js', import.meta.url));
const LONGEST_MS = 15_000;
/** How long a process that shall stay alive is watched. */
const WATCH_MS = 500;

/** Runs a program to its end, or kills it: so long after its first line. */
async function run(name: string, killAfterMs = LONGEST_MS): Promise<{ lines: string[]; code: number | null }> {
  const child = spawn(process.execPath, [PROGRAM, name], { stdio: ['ignore', 'pipe', 'inherit'] });
  const limit = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS);
  let watch: NodeJS.Timeout | undefined;
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    watch ??= setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  });
  const [code] = await once(child, 'close');
  clearTimeout(limit);
  clearTimeout(watch);
  return { lines: output.split('\n').slice(0, -1), code };
}

function endsByItself(name: string, lines: string[]): void {
  test(`${name}: ends by itself`, async () => assert.equal(await run(name), { lines, code: 0 }), {
    timeoutMs: 2 * LONGEST_MS,
  });
}

function staysAlive(name: string, lines: string[]): void {
  test(`${name}: stays alive`, async () => assert.equal(await run(name, WATCH_MS), { lines, code: null }), {
    timeoutMs: 2 * LONGEST_MS,
  });
}

endsByItself('never used', ['made']);
endsByItself('idle', ['used']);
endsByItself('a call runs', ['slept']);
endsByItself('a call waits', ['slept', 'slept', 'slept', 'slept']);
endsByItself('a call was given up', ['ERR_FLYSOCKET_TASK_TIMEOUT']);
endsByItself('a stream was left', ['0']);
endsByItself('a forgotten call', ['told']);
staysAlive('a call never ends', ['made']);
staysAlive('a stream is read', ['only']);

test.run();
