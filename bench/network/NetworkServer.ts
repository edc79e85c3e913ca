import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const START_TIMEOUT_MS = 15_000;
const ASK_TIMEOUT_MS = 10_000;

/** What a server program says of itself when asked. */
export interface ServerState {
  readonly rssBytes: number;
  readonly openStreams: number;
}

/**
 * A server in a process of its own: `node serverProgram.js KIND`, which says on which port it listens, and how much
 * memory it takes up when it is sent a line.
 */
export class NetworkServer {
  readonly port: number;
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(process: ChildProcess, lines: AsyncIterator<string>, port: number) {
    this.#process = process;
    this.#lines = lines;
    this.port = port;
  }

  static async start(kind: string): Promise<NetworkServer> {
    const program = fileURLToPath(new URL('./serverProgram.js', import.meta.url));
    const child = spawn(process.execPath, ['--expose-gc', program, kind], { stdio: ['pipe', 'pipe', 'inherit'] });
    const stop = (): boolean => child.kill('SIGKILL');
    process.once('exit', stop);
    child.once('exit', () => process.off('exit', stop));
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const port = Number(await within(nextLine(lines), START_TIMEOUT_MS, `the ${kind} server does not listen`));
    return new NetworkServer(child, lines, port);
  }

  /** Collects the server's garbage and asks how it is. */
  async state(): Promise<ServerState> {
    this.#process.stdin?.write('state\n');
    return JSON.parse(await within(nextLine(this.#lines), ASK_TIMEOUT_MS, 'the server does not say how it is'));
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exited;
  }
}

async function nextLine(lines: AsyncIterator<string>): Promise<string> {
  const { done, value } = await lines.next();
  if (done) throw new Error('the server has ended');
  return value;
}

async function within<T>(promise: Promise<T>, timeoutMs: number, message: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${message} within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
