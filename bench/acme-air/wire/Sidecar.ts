import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROGRAM = 'nginx';
const HOST = '127.0.0.1';
const START_TIMEOUT_MS = 5_000;
const LOOK_INTERVAL_MS = 20;
/** What /proc counts processor time in. */
const TICKS_PER_S = 100;
const MICROS_PER_S = 1_000_000;
/** Places in /proc/PID/stat behind the name, which is in brackets: user and system time. */
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;

/**
 * A reverse proxy of its own for one service, as a service mesh puts beside each: nginx in one process, with
 * connections kept alive on both sides and no access log. A mesh has every call pass two of them; here it is one.
 */
export class Sidecar {
  readonly origin: string;
  /** Its configuration and what it needs: there until it has been stopped. */
  readonly folder: string;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, folder: string, port: number) {
    this.#process = process;
    this.folder = folder;
    this.origin = `http://${HOST}:${port}`;
  }

  /** Whether nginx is here, and /proc to see its processor time. */
  static isInstalled(): boolean {
    return process.platform === 'linux' && spawnSync(PROGRAM, ['-v']).status === 0;
  }

  /** @param upstream origin of the service */
  static async start(upstream: string): Promise<Sidecar> {
    const folder = mkdtempSync(join(tmpdir(), 'acme-air-'));
    const port = await freePort();
    writeFileSync(join(folder, 'nginx.conf'), configuration(folder, port, upstream));
    const child = spawn(PROGRAM, ['-p', folder, '-c', 'nginx.conf', '-e', 'error.log'], { stdio: 'ignore' });
    const sidecar = new Sidecar(child, folder, port);
    process.once('exit', () => endIfLeft(sidecar));
    try {
      await listening(child, port);
    } catch (error) {
      const log = readFileSync(join(folder, 'error.log'), 'utf8');
      await sidecar.stop();
      throw new Error(`${(error as Error).message}: ${log}`);
    }
    return sidecar;
  }

  get pid(): number {
    return this.#process.pid as number;
  }

  /** Calls `listener` if the proxy ends by itself. */
  onExit(listener: () => void): void {
    this.#process.once('exit', listener);
  }

  /** Its processor time so far. */
  cpuMicros(): number {
    const stat = readFileSync(`/proc/${this.pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return ((Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS])) / TICKS_PER_S) * MICROS_PER_S;
  }

  async stop(): Promise<void> {
    const child = this.#process;
    child.removeAllListeners('exit');
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** For a sidecar whose service died before it could end it. */
export function endIfLeft({ pid, folder }: Pick<Sidecar, 'pid' | 'folder'>): void {
  if (!existsSync(folder)) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended as well.
  }
  rmSync(folder, { recursive: true, force: true });
}

function configuration(folder: string, port: number, upstream: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((use) => `  ${use}_temp_path ${folder}/${use};`)
    .join('\n');
  return `daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 4096; }
http {
${temporary}
  access_log off;
  keepalive_requests 1000000000;
  upstream service { server ${new URL(upstream).host}; keepalive 256; keepalive_requests 1000000000; }
  server {
    listen ${HOST}:${port} backlog=4096;
    location / {
      proxy_pass http://service;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
    }
  }
}
`;
}

async function listening(child: ChildProcess, port: number): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${PROGRAM} ended with code ${child.exitCode}`);
    if (performance.now() > deadline) throw new Error(`${PROGRAM} does not listen within ${START_TIMEOUT_MS} ms`);
    const isThere = await new Promise<boolean>((resolve) => {
      const socket = connect(port, HOST, () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_INTERVAL_MS));
  }
}

/** nginx can't listen on a port of the system's choice. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().listen(0, HOST, () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
    probe.once('error', reject);
  });
}
