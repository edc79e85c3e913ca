import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How long a program may take to end once it is no longer needed, before it is killed. */
export const STOP_TIMEOUT_MS = 3_000;

interface Question {
  readonly id: number;
  readonly question: string;
  readonly argument: unknown;
}

interface Answer {
  readonly id: number;
  readonly answer?: unknown;
  readonly failure?: string;
}

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A program in a process of its own, which answers questions (`answerParent`) and ends when its parent does. */
export class ChildProgram {
  /** Rejects if the program ends, or fails, without having been stopped. */
  readonly failed: Promise<never>;
  readonly #name: string;
  readonly #process: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #waiting: Map<number, Waiting> = new Map();
  #nextId = 1;
  #isStopped = false;

  /** @param name for messages */
  constructor(name: string, file: URL) {
    this.#name = name;
    this.#process = fork(fileURLToPath(file), [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.#process.on('message', (message) => this.#onAnswer(message as Answer));
    this.#exited = new Promise((resolve) => this.#process.once('exit', () => resolve()));
    this.failed = new Promise((_, reject) => {
      const fail = (how: string): void => {
        const error = new Error(`${name} ${how}`);
        for (const { reject: rejectQuestion } of this.#waiting.values()) rejectQuestion(error);
        this.#waiting.clear();
        if (!this.#isStopped) reject(error);
      };
      this.#process.once('error', (error) => fail(`failed: ${error.message}`));
      this.#process.once('exit', (code, signal) => fail(`ended with ${signal ?? `code ${code}`}`));
    });
    // Who does not look at it hears of the failure by what he asks.
    this.failed.catch(() => {});
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  ask<T>(question: string, argument: unknown, timeoutMs: number): Promise<T> {
    const id = this.#nextId++;
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(
        () => settle(() => reject(new Error(`${this.#name} did not answer "${question}" within ${timeoutMs} ms`))),
        timeoutMs,
      );
      const settle = (how: () => void): void => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        how();
      };
      this.#waiting.set(id, {
        resolve: (answer) => settle(() => resolve(answer as T)),
        reject: (error) => settle(() => reject(error)),
      });
      if (!this.#process.connected) {
        settle(() => reject(new Error(`${this.#name} has ended`)));
        return;
      }
      this.#process.send({ id, question, argument } satisfies Question, (error) => {
        if (error) settle(() => reject(new Error(`${this.#name} can't be asked "${question}": ${error.message}`)));
      });
    });
  }

  /** Lets the program end, and makes sure that it does. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#process.connected) this.#process.disconnect();
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), STOP_TIMEOUT_MS);
    if (this.#process.exitCode === null && this.#process.signalCode === null) await this.#exited;
    clearTimeout(timer);
  }

  #onAnswer({ id, answer, failure }: Answer): void {
    const waiting = this.#waiting.get(id);
    if (failure === undefined) waiting?.resolve(answer);
    else waiting?.reject(new Error(`${this.#name}: ${failure}`));
  }
}

/**
 * The program's side.
 * @param answers by question
 * @param end frees what must not outlive the program; it is called when the parent has let go or is gone
 */
export function answerParent(
  answers: Readonly<Record<string, (argument: never) => Promise<unknown>>>,
  end: () => void | Promise<void>,
): void {
  process.on('message', async ({ id, question, argument }: Question) => {
    const reply = (answer: Answer): void => {
      if (process.connected) process.send?.(answer);
    };
    try {
      const answer = answers[question];
      if (answer === undefined) throw new Error(`does not know "${question}"`);
      reply({ id, answer: await answer(argument as never) });
    } catch (error) {
      reply({ id, failure: error instanceof Error ? error.message : String(error) });
    }
  });
  process.once('disconnect', async () => {
    const timer = setTimeout(() => process.exit(), STOP_TIMEOUT_MS / 2);
    try {
      await end();
    } finally {
      clearTimeout(timer);
      process.exit();
    }
  });
}
