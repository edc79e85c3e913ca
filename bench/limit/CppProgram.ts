import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { within } from '../harness/index.ts';

const COMPILERS = ['g++', 'clang++'] as const;
const FLAGS = ['-O3', '-std=c++17', '-pthread'] as const;
const SOURCE: string = fileURLToPath(new URL('../../../bench/limit/ring.cpp', import.meta.url));
/** Where programs are kept: beside this one, among what is built. */
const FOLDER: string = fileURLToPath(new URL('.', import.meta.url));
const HASH_LENGTH = 16;
const FIND_TIMEOUT_MS = 10_000;
const COMPILE_TIMEOUT_MS = 60_000;
const ASK_TIMEOUT_MS = 30_000;

/** What the program did. */
export interface CppAnswer {
  readonly milliseconds: number;
  readonly checksum: number;
}

/** @returns the first C++ compiler that there is */
export function findCompiler(names: readonly string[] = COMPILERS): string | undefined {
  return names.find((name) => spawnSync(name, ['--version'], { timeout: FIND_TIMEOUT_MS }).status === 0);
}

/** A program that does what it is told by lines of text, in a process of its own. It ends when this process does. */
export class CppProgram {
  readonly #process: ChildProcess;
  readonly #waiting: ((line: string) => void)[] = [];
  #ending: string | undefined;

  /** @param command of which the first word is the program */
  constructor(command: readonly string[]) {
    const [program = '', ...args] = command;
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#process = child;
    createInterface({ input: child.stdout }).on('line', (line) => this.#waiting.shift()?.(line));
    child.stdin.on('error', (error) => this.#end(error.message));
    child.once('error', (error) => this.#end(error.message));
    child.once('exit', (code, signal) => this.#end(`ended with ${signal ?? `code ${code}`}`));
  }

  /**
   * Compiles ring.cpp, unless that has been done already, and starts it.
   * @param folder where the program is kept
   * @throws Error with what the compiler said
   */
  static async compile(compiler: string, folder: string = FOLDER): Promise<CppProgram> {
    const hash = createHash('sha256')
      .update(compiler)
      .update(await readFile(SOURCE));
    const file = join(folder, `ring-${hash.digest('hex').slice(0, HASH_LENGTH)}`);
    if (!existsSync(file)) await compileTo(file, compiler);
    const program = new CppProgram([file]);
    // It runs by the time that it answers.
    await program.ask('copy 1 1');
    return program;
  }

  /** @throws Error if the program can't do it, ends, or takes too long, which ends it */
  async ask(command: string): Promise<CppAnswer> {
    const asked = new Promise<string>((resolve) => {
      if (this.#ending !== undefined) resolve(this.#ending);
      else this.#waiting.push(resolve);
      this.#process.stdin?.write(`${command}\n`);
    });
    let line: string;
    try {
      line = await within(asked, ASK_TIMEOUT_MS, `C++: no answer to "${command}"`);
    } catch (error) {
      this.stop();
      throw error;
    }
    const [milliseconds = Number.NaN, checksum = Number.NaN] = line.split(' ').map(Number);
    if (!(milliseconds >= 0) || !Number.isInteger(checksum)) throw new Error(`C++: "${command}": ${line}`);
    return { milliseconds, checksum };
  }

  stop(): void {
    this.#process.kill('SIGKILL');
  }

  #end(ending: string): void {
    this.#ending ??= ending;
    for (const resolve of this.#waiting.splice(0)) resolve(ending);
  }
}

/** In a folder of its own until it is whole: others may be doing the same. */
async function compileTo(file: string, compiler: string): Promise<void> {
  const folder = await mkdtemp(`${file}-`);
  try {
    const made = join(folder, 'ring');
    await promisify(execFile)(compiler, [...FLAGS, SOURCE, '-o', made], { timeout: COMPILE_TIMEOUT_MS });
    await rename(made, file);
  } finally {
    await rm(folder, { recursive: true });
  }
}
