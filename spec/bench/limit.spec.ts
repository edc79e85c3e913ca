import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { CopyContender, copiesChecksum, PutBufferCopy, SetCopy } from '../../bench/limit/CopyContender.ts';
import { CppContender } from '../../bench/limit/CppContender.ts';
import { CppProgram, findCompiler } from '../../bench/limit/CppProgram.ts';
import { cppOrSkipped } from '../../bench/limit/limit.ts';
import { PingPong } from '../../bench/limit/PingPong.ts';
import { checksumOf } from '../../bench/ring/messages.ts';
import { suite } from '../support/suite.ts';

const test = suite('bench limit');

const COMPILE_TIMEOUT_MS = 60_000;
const LENGTHS = [1, 8, 64, 1_000];

async function rejects(promise: Promise<unknown>, message: RegExp): Promise<void> {
  await promise.then(
    () => assert.unreachable('was not rejected'),
    (error: Error) => assert.match(error.message, message),
  );
}

test('without a compiler C++ is skipped by its name', () => {
  assert.is(findCompiler(['no-such-compiler-here']), undefined);
  const contender = (): never => assert.unreachable('there is no compiler') as never;
  assert.equal(
    cppOrSkipped('C++', contender, () => undefined),
    { name: 'C++', skipped: 'no C++ compiler here' },
  );
});

test(
  'C++ copies, hands over and sends what it says, where there is a compiler',
  async () => {
    const compiler = findCompiler();
    if (compiler === undefined) return;
    const program = await CppProgram.compile(compiler);
    try {
      const answering = async (): Promise<CppProgram> => program;
      const contenders = [
        ...LENGTHS.map((length) => copying(length, answering)),
        new CppContender(
          'ping',
          1,
          (count) => `ping ${count}`,
          (count) => count,
          answering,
        ),
        ...[0, 131_072].map(
          (batch) => new CppContender('ring', 1, (n) => `ring 64 ${n} ${batch}`, checksumOf, answering),
        ),
      ];
      for (const contender of contenders) {
        await contender.open();
        await contender.verify();
      }
      // More than goes into the ring at once, and of a length with which it has to be padded.
      const lapping = (count: number): string => `ring 1000 ${count} 1000`;
      const laps = new CppContender('laps', 1, lapping, checksumOf, answering);
      await laps.open();
      assert.ok((await laps.run(5_000)) > 0);
      await rejects(program.ask('ring 0 1 1'), /no such command: ring 0 1 1/);
      await rejects(program.ask('ring 1000000 1 1'), /no such command/);
      await rejects(program.ask('dance'), /no such command: dance/);
    } finally {
      program.stop();
    }
  },
  { timeoutMs: COMPILE_TIMEOUT_MS },
);

function copying(length: number, program: () => Promise<CppProgram>): CppContender {
  return new CppContender(
    'copy',
    1,
    (count) => `copy ${length} ${count}`,
    (n) => copiesChecksum(length, n),
    program,
  );
}

/** A program that answers every line with `line`, or ends. */
function answeringAlways(line: string | undefined): CppProgram {
  const act = line === undefined ? 'process.exit(3)' : `console.log(${JSON.stringify(line)})`;
  return new CppProgram([process.execPath, '-e', `process.stdin.on('data', () => ${act})`]);
}

test('a program that answers wrongly, not at all or with no figures is found', async () => {
  const cases = [
    ['1.5 42', /copy: checksum 42 of 1, expected \d+/],
    ['fine', /C\+\+: "copy 64 1": fine/],
    ['1.5', /C\+\+: "copy 64 1": 1.5/],
    [undefined, /ended with code 3/],
  ] as const;
  for (const [line, message] of cases) {
    const contender = copying(64, async () => answeringAlways(line));
    await contender.open();
    try {
      await rejects(contender.verify(), message);
    } finally {
      contender.close();
    }
  }
  await rejects(new CppProgram(['no-such-program-here']).ask('copy 1 1'), /ENOENT/);
});

test('a compiler that fails is told, and leaves no folder behind', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-limit-'));
  try {
    await rejects(CppProgram.compile('no-such-compiler-here', folder), /ENOENT/);
    assert.equal(readdirSync(folder), []);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('copies are copies, and what only claims to be one is found', () => {
  for (const length of LENGTHS) {
    for (const Copy of [SetCopy, PutBufferCopy]) {
      const contender = new Copy('copy', 1, length);
      contender.verify();
      contender.run(1_000);
    }
  }
  class Lazy extends CopyContender {
    protected override copy(count: number): number {
      return copiesChecksum(this.source.length, count);
    }
  }
  assert.throws(() => new Lazy('lazy', 1, 64, new ArrayBuffer(64)).verify(), /lazy: the copy is another/);
  class Wrong extends SetCopy {
    protected override copy(count: number): number {
      return super.copy(count - 1);
    }
  }
  assert.throws(() => new Wrong('wrong', 1, 64).verify(), /wrong: checksum -?\d+ of 1000, expected/);
});

test('two threads hand a word to and fro', async () => {
  const contender = new PingPong('ping', 1);
  await contender.open();
  try {
    contender.verify();
    assert.ok(contender.run(10) > 0);
    contender.runMeasuringPeer(10);
  } finally {
    await contender.close();
  }
});

test.run();
