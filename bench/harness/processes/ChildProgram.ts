import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { within } from './within.ts';

export interface ChildProgramOptions {
  /** How errors call it. Default: `the process`. */
  readonly name?: string;
  readonly args?: readonly string[];
  /** Flags of node, such as `--max-semi-space-size=2`. `--expose-gc` is always there. */
  readonly nodeFlags?: readonly string[];
  /** How long the program may take until it answers questions, in milliseconds. Default 15,000. */
  readonly startTimeoutMs?: number;
}

const START_TIMEOUT_MS = 15_000;
const ASK_TIMEOUT_MS = 10_000;

/** The child has ended, or was ended, with questions open. */
export class ChildLostError extends Error {
  override readonly name = 'ChildLostError';
}

interface Question {
  readonly id: number;
  readonly question: unknown;
}

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: unknown;
}

const GREETING = 0;

const running = new Set<ChildProcess>();

/** None outlives this process. */
function stopAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

/**
 * A program of node in a process of its own, which is asked and answers: its end is `answerParent`. It is ended with
 * this process at the latest. What it prints goes to standard error.
 */
export class ChildProgram {
  /** Resolves when the process has ended, whoever ended it, to how: `the process ended with SIGKILL`. */
  readonly ended: Promise<string>;
  readonly #name: string;
  readonly #process: ChildProcess;
  readonly #open: Map<number, { resolve(value: unknown): void; reject(error: unknown): void }> = new Map();
  #lastId = GREETING;
  #ending: string | undefined;
  #resolveEnded: (how: string) => void = () => {};
  /** What the program gave `answerParent` to greet with. */
  greeting: unknown;

  private constructor(child: ChildProcess, name: string) {
    this.#process = child;
    this.#name = name;
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    if (running.size === 0) process.once('exit', stopAll);
    running.add(child);
    child.on('message', (answer: Answer) => this.#take(answer));
    child.once('error', (error) => this.#lose(`${name} failed: ${error.message}`));
    child.once('exit', (code, signal) => {
      running.delete(child);
      if (running.size === 0) process.off('exit', stopAll);
      this.#lose(`${name} ended with ${signal ?? `code ${code}`}`);
    });
  }

  /** Starts a program and waits until it says that it is ready. */
  static async start(program: URL | string, options: ChildProgramOptions = {}): Promise<ChildProgram> {
    const { name = 'the process', args = [], nodeFlags = [], startTimeoutMs = START_TIMEOUT_MS } = options;
    const execArgv = [...new Set([...process.execArgv, '--expose-gc', ...nodeFlags])];
    const stdio = ['ignore', 2, 2, 'ipc'] as const;
    const forked = fork(program, args, { execArgv, stdio: [...stdio], serialization: 'advanced' });
    const child = new ChildProgram(forked, name);
    try {
      child.greeting = await within(child.#answer(GREETING), startTimeoutMs, `${program} is not ready`);
      return child;
    } catch (error) {
      await child.stop();
      throw error;
    }
  }

  /**
   * @param question anything that can be cloned
   * @throws what the program throws; ChildLostError if it ends meanwhile; TimeLimitError
   */
  async ask(question: unknown, timeoutMs: number = ASK_TIMEOUT_MS): Promise<unknown> {
    const id = ++this.#lastId;
    const answer = this.#answer(id);
    if (this.#ending === undefined) this.#process.send({ id, question } satisfies Question, () => {});
    return within(answer, timeoutMs, `no answer of ${this.#name}`);
  }

  /** Ends it, whatever it does. */
  async stop(): Promise<void> {
    if (this.#ending !== undefined) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exited;
  }

  #answer(id: number): Promise<unknown> {
    if (this.#ending !== undefined) return Promise.reject(new ChildLostError(this.#ending));
    return new Promise((resolve, reject) => this.#open.set(id, { resolve, reject }));
  }

  #take(answer: Answer): void {
    const waiting = this.#open.get(answer.id);
    this.#open.delete(answer.id);
    if ('error' in answer) waiting?.reject(answer.error);
    else waiting?.resolve(answer.value);
  }

  #lose(ending: string): void {
    this.#ending ??= ending;
    this.#resolveEnded(this.#ending);
    for (const { reject } of this.#open.values()) reject(new ChildLostError(ending));
    this.#open.clear();
  }
}

/**
 * The program's end: greets the parent and answers its questions, one or several at a time. The process ends when the
 * parent is gone.
 * @param greeting anything that can be cloned, such as the port it listens on
 * @param answer to a question; what it throws goes to the parent
 */
export function answerParent(greeting: unknown, answer: (question: unknown) => unknown): void {
  const send = (message: Answer): void => {
    process.send?.(message, undefined, undefined, () => {});
  };
  process.once('disconnect', () => process.exit());
  process.on('message', async ({ id, question }: Question) => {
    try {
      send({ id, value: await answer(question) });
    } catch (error) {
      send({ id, error: error instanceof Error ? error : new Error(String(error)) });
    }
  });
  send({ id: GREETING, value: greeting });
}
