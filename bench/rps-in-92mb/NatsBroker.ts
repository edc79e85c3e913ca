import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { freePort, listening } from '../network/servers.ts';
import { HOST } from './host.ts';

/** Where Debian puts it, which is not on everybody's path. */
const SYSTEM_FOLDERS = ['/usr/sbin', '/usr/local/sbin'];
const START_TIMEOUT_MS = 5_000;
const KIBIBYTE = 1_024;

/** The shell ends the server when its standard input closes: with this process at the latest, however that ends. */
const UNTIL_STDIN_ENDS = '"$@" >&2 & echo $!; read -r _; kill $!; wait';

/** @returns the path of nats-server, or undefined if it isn't installed */
export function findNatsServer(): string | undefined {
  if (process.platform === 'win32') return undefined;
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...SYSTEM_FOLDERS];
  return folders.map((folder) => join(folder, 'nats-server')).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A nats-server of this bench's own, on a free port. */
export class NatsBroker {
  readonly port: number;
  readonly #shell: ChildProcess;
  readonly #pid: number;

  private constructor(port: number, shell: ChildProcess, pid: number) {
    this.port = port;
    this.#shell = shell;
    this.#pid = pid;
  }

  /** @throws Error if it isn't installed or does not start */
  static async start(): Promise<NatsBroker> {
    const program = findNatsServer();
    if (program === undefined) throw new Error('nats-server is not installed');
    const port = await freePort();
    const command = [program, '--addr', HOST, '--port', String(port)];
    const shell = spawn('sh', ['-c', UNTIL_STDIN_ENDS, 'sh', ...command], { stdio: ['pipe', 'pipe', 'ignore'] });
    const [said] = await once(shell.stdout, 'data', { signal: AbortSignal.timeout(START_TIMEOUT_MS) });
    const broker = new NatsBroker(port, shell, Number(String(said)));
    try {
      await listening(port);
      return broker;
    } catch (error) {
      await broker.stop();
      throw error;
    }
  }

  /** What it takes up, where the system says so (Linux); else NaN. */
  rssBytes(): number {
    try {
      const status = readFileSync(`/proc/${this.#pid}/status`, 'utf8');
      return Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1]) * KIBIBYTE;
    } catch {
      return Number.NaN;
    }
  }

  async stop(): Promise<void> {
    const exited = once(this.#shell, 'exit');
    this.#shell.stdin?.end();
    await exited;
  }
}
