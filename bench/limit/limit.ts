import type { AnyGroup, Contender, Group, SkippedContender } from '../harness/index.ts';
import { checksumOf } from '../ring/messages.ts';
import { RingOneWay } from '../ring/RingOneWay.ts';
import { loadRingLibrary } from '../ring/ringLibraries.ts';
import { copiesChecksum, PutBufferCopy, SetCopy } from './CopyContender.ts';
import { CppContender } from './CppContender.ts';
import { findCompiler } from './CppProgram.ts';
import { PingPong } from './PingPong.ts';

/** Few enough for it to end soon where both threads have to share a core: each turn takes the other one's nap then. */
const PING_PONG_BATCH = 10_000;
const OURS = 'flysocket';
const CPP = 'C++';
const CPP_EACH = 'C++, each published';
const SET = 'typed array set';
const PUT_BUFFER = 'flysocket putBuffer, shared';
const ATOMICS = 'JavaScript Atomics';
/** Of RingOneWay: an eighth of its ring. */
const BATCH_LENGTH = 131_072;

/** Ours beside what the machine can do: a ring moves bytes no faster than memcpy, a word no faster than its line. */
export const limitGroups: AnyGroup[] = [
  copy('64 B', 64, 500_000),
  copy('1 KiB', 1024, 200_000),
  copy('64 KiB', 65_536, 5_000),
  pingPong(),
  oneWay('64 B', 64, 200_000),
  oneWay('1 KiB', 1024, 100_000),
];

/** @param find says that there is no compiler: C++ is skipped then */
export function cppOrSkipped(
  name: string,
  contenderOf: (compiler: string) => Contender,
  find: () => string | undefined = findCompiler,
): Contender | SkippedContender {
  const compiler = find();
  return compiler === undefined ? { name, skipped: 'no C++ compiler here' } : contenderOf(compiler);
}

function copy(label: string, length: number, batch: number): Group {
  const cpp = (compiler: string): Contender =>
    new CppContender(
      CPP,
      batch,
      (count) => `copy ${length} ${count}`,
      (count) => copiesChecksum(length, count),
      compiler,
    );
  return {
    name: `limit/copy ${label}`,
    unit: 'operations/s',
    ratios: [
      { name: `${PUT_BUFFER} / ${CPP}`, contender: PUT_BUFFER, against: CPP },
      { name: `${SET} / ${CPP}`, contender: SET, against: CPP },
    ],
    allocationFree: [PUT_BUFFER],
    contenders: () => [
      new PutBufferCopy(PUT_BUFFER, batch, length),
      new SetCopy(SET, batch, length),
      cppOrSkipped(CPP, cpp),
    ],
  };
}

function pingPong(): Group {
  const cpp = (compiler: string): Contender =>
    new CppContender(
      CPP,
      PING_PONG_BATCH,
      (count) => `ping ${count}`,
      (count) => count,
      compiler,
    );
  return {
    name: 'limit/cache line there and back',
    unit: 'operations/s',
    ratios: [{ name: `${ATOMICS} / ${CPP}`, contender: ATOMICS, against: CPP }],
    contenders: () => [new PingPong(ATOMICS, PING_PONG_BATCH), cppOrSkipped(CPP, cpp)],
  };
}

function oneWay(label: string, length: number, batch: number): Group {
  const cpp = (name: string, batchLength: number): Contender | SkippedContender =>
    cppOrSkipped(
      name,
      (compiler) =>
        new CppContender(name, batch, (count) => `ring ${length} ${count} ${batchLength}`, checksumOf, compiler),
    );
  return {
    name: `limit/one way ${label}`,
    unit: 'operations/s',
    ratios: [CPP, CPP_EACH].map((against) => ({ name: `${OURS} / ${against}`, contender: OURS, against })),
    allocationFree: [OURS],
    async contenders() {
      return [new RingOneWay(OURS, length, batch, await loadRingLibrary()), cpp(CPP, BATCH_LENGTH), cpp(CPP_EACH, 0)];
    },
  };
}
