/** Which function is called, where it is found, and what it sees around it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { SHARE_ENV } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { endOf, type PoolOptions, sideBySide, until, WORKER } from './sideBySide.ts';

const { same, differs, run } = sideBySide('functions');

/** Worker files that TypeScript would not write; below the build, so that they find `piscina`. */
const FOLDER = mkdtempSync(fileURLToPath(new URL('./files-', import.meta.url)));
process.once('exit', () => rmSync(FOLDER, { recursive: true, force: true }));

/** @returns the path of a file of that name and text */
function file(name: string, text: string): string {
  const path = join(FOLDER, name);
  writeFileSync(path, text);
  return path;
}

const COMMON_JS = file('function.cjs', 'module.exports = ({ a, b }) => a + b;');
const MEMBERS = file(
  'members.cjs',
  `function add({ a, b }) { return a + b; }
   add.add = add;
   add.multiply = ({ a, b }) => a * b;
   module.exports = add;`,
);
const NAMED = file('named.cjs', 'exports.add = ({ a, b }) => a + b;');
const TRANSPILED = file(
  'transpiled.cjs',
  `Object.defineProperty(exports, '__esModule', { value: true });
   exports.default = ({ a, b }) => a - b;
   exports.add = ({ a, b }) => a + b;`,
);
const PROMISED = file(
  'promised.cjs',
  `const { setTimeout } = require('node:timers/promises');
   module.exports = setTimeout(1).then(() => ({ a, b }) => a * b);`,
);
const MODULE = file('module.mjs', 'export default ({ a, b }) => a + b;\nexport const times = ({ a, b }) => a * b;');
const PROMISED_MODULE = file(
  'promised.mjs',
  `import { setTimeout } from 'node:timers/promises';
   export default setTimeout(1).then(() => ({ a, b }) => a ** b);`,
);
const AWAITED_MODULE = file(
  'awaited.mjs',
  `import { setTimeout } from 'node:timers/promises';
   const base = await setTimeout(1, 100);
   export default ({ a, b }) => base + a + b;`,
);
const REQUIRES_PISCINA = file(
  'requires-piscina.cjs',
  `const Piscina = require('piscina');
   const { isWorkerThread, move } = Piscina;
   module.exports = () => move(new Uint8Array([Number(Piscina.isWorkerThread), Number(isWorkerThread)]));`,
);
const THROWS = file('throws.cjs', "throw new RangeError('this file does not load');");
const THROWS_MODULE = file('throws.mjs', "throw new RangeError('this module does not load');");
const NOT_THERE = join(FOLDER, 'not-there.js');

const TASK = { a: 3, b: 4 };

for (const [title, filename, expected] of [
  ['module.exports, a function', COMMON_JS, 7],
  ['module.exports, a promise of a function', PROMISED, 12],
  ['module.exports with members', MEMBERS, 7],
  ['the default export of transpiled CommonJS', TRANSPILED, -1],
  ['the default export of an ES module', MODULE, 7],
  ['the default export of an ES module, a promise', PROMISED_MODULE, 81],
  ['a module that awaits at its top', AWAITED_MODULE, 107],
] as const) {
  same(`${title}, by path and by file URL`, [expected, expected], async ({ shared }) => {
    const byPath = await shared.run(TASK, { filename });
    return [byPath, await shared.run(TASK, { filename: pathToFileURL(filename).href })];
  });
}

for (const [title, filename, name, expected] of [
  ['a member of module.exports', NAMED, 'add', 7],
  ['a member of an exported function', MEMBERS, 'multiply', 12],
  ['a member of transpiled CommonJS', TRANSPILED, 'add', 7],
  ['a named export', MODULE, 'times', 12],
] as const) {
  same(`${title}, by run and by the pool`, [expected, expected], async ({ open, shared }) => {
    const byRun = await shared.run(TASK, { filename, name });
    return [byRun, await open({ filename, name }).run(TASK)];
  });
}

same('the file of the pool, by path and by file URL', [7, 7], async ({ open }) => {
  return Promise.all([MODULE, pathToFileURL(MODULE).href].map((filename) => open({ filename }).run(TASK)));
});

same('a pool whose file has no default export', [0, 7], async ({ open }) => {
  const pool = open({ filename: NAMED });
  let errors = 0;
  pool.on('error', () => errors++);
  await until(() => pool.idleThreads === 1, 'the thread is there');
  return [errors, await pool.run(TASK, { name: 'add' })];
});

same('run names another file and function than the pool', [12, 7, 12], async ({ open }) => {
  const pool = open({ filename: MODULE, name: 'times' });
  return [await pool.run(TASK), await pool.run(TASK, { name: 'default' }), await pool.run(TASK, { filename: null })];
});

same('a pool without a file', ['Error', 7], async ({ open }) => {
  const pool = open({ filename: null });
  const failed = String(await endOf(pool.run(TASK)));
  return [
    /Error: filename must be provided to run\(\) or in options object/.test(failed) && 'Error',
    await pool.run(TASK, { filename: COMMON_JS }),
  ];
});

same('async functions, and promises of functions', [5, 15, 1], async ({ shared }) => [
  await shared.run(5, { name: 'later' }),
  await shared.run(5, { name: 'initialized' }),
  await shared.run([1, 2, 3], { name: 'argumentCount' }),
]);

same('a function of CommonJS that requires piscina', [1, 1], async ({ shared }) => {
  return [...(await shared.run(undefined, { filename: REQUIRES_PISCINA }))];
});

differs(
  'an export that is not there, or is no function',
  'the message names the export, too, and the error has a code',
  {
    piscina: [`No handler function exported from ${fileURLToPath(WORKER)}`, undefined, 1],
    flysocket: [
      `No handler function exported from ${fileURLToPath(WORKER)}: "nowhere"`,
      'ERR_FLYSOCKET_NO_FUNCTION',
      1,
    ],
  },
  async ({ shared }) => {
    const error = await shared.run(1, { name: 'nowhere' }).catch((thrown) => thrown);
    await endOf(shared.run(1, { name: 'notAFunction' }));
    return [error.message, error.code, await shared.run(1)];
  },
);

same('a file that is not there, or fails to load: the call fails', [true, true, true, 1], async ({ shared }) => [
  /Cannot find module/.test(String(await endOf(shared.run(1, { filename: NOT_THERE })))),
  (await endOf(shared.run(1, { filename: THROWS }))) === 'RangeError: this file does not load',
  (await endOf(shared.run(1, { filename: THROWS_MODULE }))) === 'RangeError: this module does not load',
  await shared.run(1),
]);

differs(
  'the file of a pool fails to load',
  'the thread lives, and runs what is not in that file',
  {
    piscina: ['RangeError: this file does not load', 'RangeError: this file does not load'],
    flysocket: ['RangeError: this file does not load', 7],
  },
  ({ open }) => {
    const [first, second] = [open({ filename: THROWS }), open({ filename: THROWS })];
    // piscina starts another thread, whose failure fails nothing.
    for (const pool of [first, second]) pool.on('error', () => {});
    return Promise.all([endOf(first.run(1)), endOf(second.run(TASK, { filename: COMMON_JS }))]);
  },
);

same('isWorkerThread and workerData in the parent', [false, undefined, false], ({ Pool }) => [
  Pool.isWorkerThread,
  Pool.workerData,
  Piscina.isWorkerThread,
]);

const SURROUNDINGS = {
  isWorkerThread: true,
  isWorkerThreadOfClass: true,
  isMainThread: false,
  version: '5.3.2',
  workerData: { deep: new Map([[1, new Date(5)]]) },
  workerDataOfClass: { deep: new Map([[1, new Date(5)]]) },
  workerDataOfNode: { deep: new Map([[1, new Date(5)]]) },
  argv: ['one', '2'],
  execArgv: ['--no-warnings'],
  env: 'from the pool',
  stackSizeMb: 3,
  priority: 5,
};

same('workerData, env, argv, execArgv, resourceLimits, niceIncrement', SURROUNDINGS, ({ open }) => {
  const pool = open({
    name: 'surroundings',
    workerData: { deep: new Map([[1, new Date(5)]]) },
    argv: ['one', 2] as string[],
    execArgv: ['--no-warnings'],
    env: { FLYSOCKET_SPEC: 'from the pool' },
    resourceLimits: { stackSizeMb: 3 },
    niceIncrement: 5,
  });
  return pool.run(undefined);
});

same('an environment of its own, or shared', [undefined, 'set by the worker'], async ({ open }) => {
  const seen: unknown[] = [];
  for (const env of [{}, { env: SHARE_ENV } as unknown as PoolOptions]) {
    await open(env).run('set by the worker', { name: 'setEnvironment' });
    seen.push(process.env['FLYSOCKET_SPEC']);
  }
  delete process.env['FLYSOCKET_SPEC'];
  return seen;
});

run();
