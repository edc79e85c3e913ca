/**
 * Runs the programs of a page as a reader would: files of one section in a folder, its servers first.
 *
 *   name            what becomes of it
 *   server....ts    runs until the others of its section have ended
 *   page....ts      bundled for browsers, run with the WebSocket and the little of a document that it uses
 *   named by another (`./worker.js`)   is there for that one
 *   a terminal      is typed, command by command
 *   any other       runs to its end, and must print what the page says
 *
 * Ports are replaced by free ones, so that nothing is met that runs on this machine.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { build, transform } from 'esbuild';
import { TEST_CERTIFICATE, TEST_KEY } from '../tcp-transport/testCertificate.ts';
import { runConsole } from './runConsole.ts';
import { CONSOLE, type Sample } from './samplesIn.ts';

/** What a program left. */
export interface Ending {
  readonly sample: Sample;
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const PROGRAM_TIMEOUT_MS = 20_000;
const LISTENING_TIMEOUT_MS = 10_000;
const LOOK_AGAIN_MS = 20;
/** Below those that systems hand out by themselves, so that no other test is given one meanwhile. */
const FIRST_PORT = 20_000;
const PORTS = 12_000;
const IN_A_URL = /(?<=\/\/[\w.]+:|\bport: |\blisten\(|--tcp |--ws )([1-9]\d{3})\b/g;

const isServer = ({ file }: Sample): boolean => file.startsWith('server');
const isPage = ({ file }: Sample): boolean => file.startsWith('page');

/** Runs one section. Its programs are built in `folder`. @returns what those left that ran to their end */
export async function runSection(samples: readonly Sample[], folder: string): Promise<Ending[]> {
  const ports = new Map<string, number>();
  for (const { source } of samples) {
    for (const [port] of source.matchAll(IN_A_URL)) if (!ports.has(port)) ports.set(port, await freePort());
  }
  writeFileSync(join(folder, 'cert.pem'), TEST_CERTIFICATE);
  writeFileSync(join(folder, 'key.pem'), TEST_KEY);
  const terminal = samples.find(({ file }) => file === CONSOLE);
  if (terminal !== undefined) return [await runTerminal(terminal, folder, ports)];
  await Promise.all(samples.map((sample) => compile(sample, folder, ports)));
  const servers: ChildProcess[] = [];
  try {
    for (const sample of samples.filter(isServer)) servers.push(start(sample, folder));
    if (servers.length > 0) await Promise.all([...ports.values()].map(isListening));
    const endings: Ending[] = [];
    for (const sample of samples) {
      if (!isServer(sample) && !isNamedByAnother(sample, samples)) endings.push(await run(sample, folder));
    }
    return endings;
  } finally {
    for (const server of servers) server.kill();
  }
}

async function runTerminal(sample: Sample, folder: string, ports: ReadonlyMap<string, number>): Promise<Ending> {
  const isReady = (): Promise<unknown> => Promise.all([...ports.values()].map(isListening));
  const typed = await runConsole(withPorts(sample.source, ports), folder, isReady);
  let stdout = typed;
  for (const [port, actual] of ports) stdout = stdout.replaceAll(String(actual), port);
  return { sample, code: 0, stdout, stderr: '' };
}

function withPorts(source: string, ports: ReadonlyMap<string, number>): string {
  return source.replaceAll(IN_A_URL, (port) => String(ports.get(port)));
}

function isNamedByAnother({ file }: Sample, samples: readonly Sample[]): boolean {
  const name = `./${file.replace(/\.ts$/, '.js')}`;
  return samples.some((other) => other.source.includes(`'${name}'`));
}

async function compile(sample: Sample, folder: string, ports: ReadonlyMap<string, number>): Promise<void> {
  const source = withPorts(sample.source, ports);
  const target = join(folder, programOf(sample));
  if (isPage(sample)) {
    const stdin = { contents: source, loader: 'ts', resolveDir: '.' } as const;
    const banner = { js: WHAT_A_BROWSER_HAS };
    const output = { outfile: target, bundle: true, format: 'esm', platform: 'browser', target: 'es2022' } as const;
    // Without the paths of tsconfig.json, which lead to the library's sources.
    await build({ ...output, stdin, banner, tsconfigRaw: '{}', logLevel: 'silent' });
    return;
  }
  const { code } = await transform(source, { loader: 'ts', format: 'esm', target: 'es2022' });
  writeFileSync(target, sample.file.includes('0.0.27') ? code.replaceAll(/"(rsocket-[\w-]+)"/g, '"$1-0"') : code);
}

/** What a page shows is printed, and the page then closed. */
const WHAT_A_BROWSER_HAS = `
import { WebSocket as NodeWebSocket } from 'ws';
globalThis.WebSocket = NodeWebSocket;
globalThis.document = { body: { append: (text) => {
  console.log(text);
  setImmediate(() => process.exit());
} } };
`;

function programOf({ file }: Sample): string {
  return file.replace(/\.ts$/, '.js');
}

function start(sample: Sample, folder: string): ChildProcess {
  return spawn(process.execPath, [programOf(sample)], { cwd: folder, stdio: 'ignore' });
}

function run(sample: Sample, folder: string): Promise<Ending> {
  return new Promise((resolve) => {
    const program = spawn(process.execPath, [programOf(sample)], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    const timer = setTimeout(() => program.kill('SIGKILL'), PROGRAM_TIMEOUT_MS);
    let stdout = '';
    let stderr = '';
    program.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    program.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    program.once('close', (code) => {
      clearTimeout(timer);
      resolve({ sample, code, stdout, stderr });
    });
  });
}

async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORTS);
    const isFree = await new Promise<boolean>((resolve) => {
      const server = createServer().once('error', () => resolve(false));
      server.listen(port, 'localhost', () => server.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}

async function isListening(port: number): Promise<void> {
  const deadlineMs = performance.now() + LISTENING_TIMEOUT_MS;
  while (performance.now() < deadlineMs) {
    const answered = await new Promise<boolean>((resolve) => {
      const socket = connect(port, 'localhost', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
  throw new Error(`no server of this section listens on port ${port} within ${LISTENING_TIMEOUT_MS} ms`);
}
