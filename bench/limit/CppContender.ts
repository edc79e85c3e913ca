import type { Contender } from '../harness/index.ts';
import { CppProgram } from './CppProgram.ts';

const VERIFIED_OPERATIONS = 1_000;

/** What ring.cpp can do; the clock is its own, and so is the memory. */
export class CppContender implements Contender {
  readonly isAsync = true;
  readonly name: string;
  readonly batch: number;
  readonly #start: () => Promise<CppProgram>;
  readonly #command: (count: number) => string;
  readonly #expected: (count: number) => number;
  readonly #checksums: Map<number, number> = new Map();
  #program: CppProgram | undefined;

  /**
   * @param command to do so many operations
   * @param expected the checksum of so many
   * @param compiler or a program that stands for what it would make
   */
  constructor(
    name: string,
    batch: number,
    command: (count: number) => string,
    expected: (count: number) => number,
    compiler: string | (() => Promise<CppProgram>),
  ) {
    this.name = name;
    this.batch = batch;
    this.#command = command;
    this.#expected = expected;
    this.#start = typeof compiler === 'string' ? () => CppProgram.compile(compiler) : compiler;
  }

  async open(): Promise<void> {
    this.#program = await this.#start();
  }

  async verify(): Promise<void> {
    await this.run(1);
    await this.run(VERIFIED_OPERATIONS);
  }

  async run(count: number): Promise<number> {
    if (this.#program === undefined) throw new Error(`${this.name} is not open`);
    let expected = this.#checksums.get(count);
    if (expected === undefined) {
      expected = this.#expected(count);
      this.#checksums.set(count, expected);
    }
    const { milliseconds, checksum } = await this.#program.ask(this.#command(count));
    if (checksum !== expected) throw new Error(`${this.name}: checksum ${checksum} of ${count}, expected ${expected}`);
    return milliseconds;
  }

  /** Nothing of it is in this process. */
  async runMeasuringPeer(): Promise<number> {
    return 0;
  }

  close(): void {
    this.#program?.stop();
    this.#program = undefined;
  }
}
