import { type ChildProcess, spawn } from 'node:child_process';

const PROGRAM = 'dist/cli/main.js';
/** How long a command may take, in milliseconds. */
const LIMIT_MS = 15_000;
/** How long a server may serve a file of tests, in milliseconds. */
const SERVING_LIMIT_MS = 60_000;

/** What became of a command. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly bytes: Uint8Array;
}

/** Runs the built command with `input` on its standard input. */
export async function flysocket(args: readonly string[], input: string | Uint8Array = ''): Promise<Outcome> {
  const child = start(args, ['pipe', 'pipe', 'pipe']);
  child.stdin?.on('error', () => {}).end(input);
  return outcomeOf(child);
}

/** The same, whose standard input has more to come. */
export async function flysocketWithOpenInput(args: readonly string[], input: string): Promise<Outcome> {
  const child = start(args, ['pipe', 'pipe', 'pipe']);
  child.stdin?.on('error', () => {}).write(input);
  return outcomeOf(child);
}

/** A `flysocket serve` that listens. */
export class Serving {
  readonly urls: readonly string[];
  readonly #child: ChildProcess;
  readonly #outcome: Promise<Outcome>;

  private constructor(child: ChildProcess, outcome: Promise<Outcome>, urls: readonly string[]) {
    this.#child = child;
    this.#outcome = outcome;
    this.urls = urls;
  }

  /** @param addresses on how many it is to listen */
  static async start(args: readonly string[], addresses = 1): Promise<Serving> {
    const child = start(['serve', ...args], ['ignore', 'pipe', 'pipe']);
    const outcome = outcomeOf(child, SERVING_LIMIT_MS);
    const urls = await new Promise<string[]>((resolve, reject) => {
      let text = '';
      child.stdout?.on('data', (chunk) => {
        text += chunk;
        const lines = text.split('\n').slice(0, -1);
        const found = lines.map((line) => JSON.parse(line)).filter(({ event }) => event === 'listening');
        if (found.length === addresses) resolve(found.map(({ url }) => url));
      });
      outcome.then(({ stderr }) => reject(new Error(`it does not serve: ${stderr}`)));
    });
    return new Serving(child, outcome, urls);
  }

  get url(): string {
    return this.urls[0] as string;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Calls `listener` with what it prints from now on. */
  onOutput(listener: (text: string) => void): void {
    this.#child.stdout?.on('data', (chunk) => listener(String(chunk)));
  }

  /** Resolves when it has ended by itself. */
  ended(): Promise<Outcome> {
    return this.#outcome;
  }

  async stop(): Promise<Outcome> {
    this.signal('SIGTERM');
    return this.#outcome;
  }
}

function start(args: readonly string[], stdio: ('pipe' | 'ignore')[]): ChildProcess {
  const env = { ...process.env, FORCE_COLOR: undefined, NO_COLOR: undefined };
  return spawn(process.execPath, [PROGRAM, ...args], { stdio, env });
}

function outcomeOf(child: ChildProcess, limitMs: number = LIMIT_MS): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    const limit = setTimeout(() => child.kill('SIGKILL'), limitMs);
    child.stdout?.on('data', (chunk) => out.push(chunk));
    child.stderr?.on('data', (chunk) => err.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(limit);
      const bytes = Buffer.concat(out);
      resolve({ code, stdout: bytes.toString(), stderr: Buffer.concat(err).toString(), bytes });
    });
  });
}
