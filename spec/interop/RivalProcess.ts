import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Implementation, Link, ServerSettings } from './Implementation.ts';

const PROGRAM = fileURLToPath(new URL('./rivalServerProgram.js', import.meta.url));

const PATIENCE_MS = 5_000;

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly stderr: string;
}

/** A rival's server in a process of its own. */
export class RivalProcess {
  readonly port: number;
  readonly #exited: Promise<Ending>;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;

  private constructor(child: ChildProcessByStdio<Writable, Readable, Readable>, port: number, exited: Promise<Ending>) {
    this.#child = child;
    this.port = port;
    this.#exited = exited;
  }

  static async start(rival: Implementation, link: Link, settings: ServerSettings = {}): Promise<RivalProcess> {
    const args = [PROGRAM, rival.name, link, JSON.stringify(settings)];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const exited = once(child, 'close').then(([code]) => ({ code, stderr }));
    const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
    return new RivalProcess(child, Number(line), exited);
  }

  /** How it ends by itself; one that does not is ended, and has the code 0. */
  async ending(): Promise<Ending> {
    const timer = setTimeout(() => this.#child.stdin.end(), PATIENCE_MS);
    const ending = await this.#exited;
    clearTimeout(timer);
    return ending;
  }
}
