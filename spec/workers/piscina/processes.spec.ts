/** What shows in whole programs: when they end, how they import, and whether piscina 6 does as well as 5. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.ts';

const test = suite('piscina and WorkerPool: programs');

const TIMEOUT_MS = 20_000;
const [MAJOR = 0, MINOR = 0] = process.versions.node.split('.').map(Number);
const REQUIRES_MODULES = MAJOR > 20 || (MAJOR === 20 && MINOR >= 19);
/** What piscina 6 asks for. */
const RUNS_PISCINA_6 = MAJOR >= 22;

/** Below the build, so that programs find what they import. */
const FOLDER = mkdtempSync(fileURLToPath(new URL('./programs-', import.meta.url)));
process.once('exit', () => rmSync(FOLDER, { recursive: true, force: true }));

const WORKER = `
  const { isWorkerThread, workerData, move } = require('piscina');
  module.exports = (task) => ({ task, isWorkerThread, workerData });
  module.exports.log = (text) => console.log(text);
  module.exports.later = (ms) => new Promise((resolve) => setTimeout(resolve, ms, 'later'));
  module.exports.moved = (length) => move(new Uint8Array(length));
  module.exports.numbers = function* (count) { for (let i = 0; i < count; i++) yield i; };
`;
writeFileSync(join(FOLDER, 'worker.cjs'), WORKER);

interface Ending {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. @param flags for node */
function runProgram(name: string, source: string, ...flags: string[]): Promise<Ending> {
  const file = join(FOLDER, name);
  writeFileSync(file, source);
  return new Promise((resolve) => {
    execFile(process.execPath, [...flags, file], { timeout: TIMEOUT_MS }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
    });
  });
}

const FILENAME = "const filename = new URL('./worker.cjs', import.meta.url).href;";

/** How a program of each kind gets hold of its pool. */
const LIBRARIES = {
  piscina: {
    imports: `import { Piscina } from 'piscina'; ${FILENAME}`,
    requires: "const Piscina = require('piscina');",
  },
  flysocket: {
    imports: `import { Piscina } from 'flysocket/workers'; ${FILENAME}`,
    requires: "const { Piscina } = require('flysocket/workers');",
  },
} as const;

for (const [library, { imports, requires }] of Object.entries(LIBRARIES)) {
  test(`${library}: a pool that has nothing to do lets its program end`, async () => {
    const source = `${imports}
      const pool = new Piscina({ filename, minThreads: 2, maxThreads: 2 });
      const { task } = await pool.run('done');
      console.log(task, pool.threads.length);`;
    assert.equal(await runProgram(`idle-${library}.mjs`, source), { code: 0, stdout: 'done 2\n', stderr: '' });
  });

  test(`${library}: a pool that was never used lets its program end`, async () => {
    const source = `${imports}
      new Piscina({ filename, minThreads: 1, maxThreads: 1 });`;
    assert.equal(await runProgram(`unused-${library}.mjs`, source), { code: 0, stdout: '', stderr: '' });
  });

  test(`${library}: a call that runs or waits keeps its program alive`, async () => {
    const source = `${imports}
      const pool = new Piscina({ filename, minThreads: 0, maxThreads: 1 });
      for (const ms of [50, 1]) pool.run(ms, { name: 'later' }).then(console.log);`;
    const expected = { code: 0, stdout: 'later\nlater\n', stderr: '' };
    assert.equal(await runProgram(`alive-${library}.mjs`, source), expected);
  });

  test(`${library}: what a task has printed is printed before its program ends`, async () => {
    const source = `${imports}
      const pool = new Piscina({ filename, minThreads: 1, maxThreads: 1 });
      await pool.run('printed by the task', { name: 'log' });`;
    const expected = { code: 0, stdout: 'printed by the task\n', stderr: '' };
    assert.equal(await runProgram(`prints-${library}.mjs`, source), expected);
  });

  const fromCommonJs = `${library}: a program of CommonJS`;
  const addTest = library === 'piscina' || REQUIRES_MODULES ? test : test.skip;
  addTest(REQUIRES_MODULES ? fromCommonJs : `${fromCommonJs} (from Node 20.19 on)`, async () => {
    const source = `${requires}
      const pool = new Piscina({ filename: require('node:path').resolve(__dirname, 'worker.cjs'), workerData: 'data' });
      pool.run({ a: 1 }).then((result) => {
        console.log(JSON.stringify(result), Piscina.isWorkerThread);
        return pool.close();
      });`;
    // Some versions of Node call it experimental to require a module.
    const { code, stdout } = await runProgram(`common-${library}.cjs`, source);
    const expected = '{"task":{"a":1},"isWorkerThread":true,"workerData":"data"} false\n';
    assert.equal({ code, stdout }, { code: 0, stdout: expected });
  });
}

/** Gives \`piscina-6\` to whoever asks for \`piscina\`. */
const HOOKS = `
  import { registerHooks } from 'node:module';
  registerHooks({
    resolve: (specifier, context, next) => next(specifier === 'piscina' ? 'piscina-6' : specifier, context),
  });`;

const addPiscina6 = RUNS_PISCINA_6 ? test : test.skip;
addPiscina6(`WorkerPool on piscina 6${RUNS_PISCINA_6 ? '' : ' (from Node 22 on)'}`, async () => {
  mkdirSync(FOLDER, { recursive: true });
  const hooks = join(FOLDER, 'hooks.mjs');
  writeFileSync(hooks, HOOKS);
  const source = `
    import { WorkerPool, isWorkerThread, version } from 'flysocket/workers';
    ${FILENAME}
    const pool = new WorkerPool({ filename, maxThreads: 2, workerData: 6 });
    console.log(/^v?6.0.0/.test(version), isWorkerThread, JSON.stringify(await pool.run(1)));
    console.log((await pool.run(5, { name: 'moved' })).byteLength, await pool.run(1, { name: 'later' }));
    let sum = 0;
    for await (const item of pool.requestStream(1000, { name: 'numbers' })) sum += item;
    console.log(sum, await pool.run(1, { name: 'nowhere' }).catch(({ code }) => code));
    const controller = new AbortController();
    const call = pool.run(100_000, { name: 'later', signal: controller.signal }).catch(({ name }) => name);
    setTimeout(() => controller.abort(), 20);
    console.log(await call, (await pool.run(2)).task);
    await pool.close();
    console.log(pool.threads.length);`;
  const { code, stdout, stderr } = await runProgram('on-piscina-6.mjs', source, '--import', hooks);
  const expected = [
    'true false {"task":1,"isWorkerThread":true,"workerData":6}',
    '5 later',
    '499500 ERR_FLYSOCKET_NO_FUNCTION',
    'AbortError 2',
    '0',
    '',
  ];
  assert.equal({ code, stdout, stderr }, { code: 0, stdout: expected.join('\n'), stderr: '' });
});

test.run();
