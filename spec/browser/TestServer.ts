/**
 * Serves the programs of the browser specs from loopback, as made by esbuild out of the browser build:
 *
 *   /<serving>/<name>.html  a page that runs a program
 *   /<serving>/<name>.js    a program of this folder
 *
 * `<serving>` says with which headers, as named in `HEADERS`.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const OPENER: Readonly<Record<string, string>> = { 'Cross-Origin-Opener-Policy': 'same-origin' };
const EMBEDDER: Readonly<Record<string, string>> = { 'Cross-Origin-Embedder-Policy': 'require-corp' };
const CREDENTIALLESS = { 'Cross-Origin-Embedder-Policy': 'credentialless; report-to="x"' };

/** How a page can be served. */
export type Serving = 'isolated' | 'credentialless' | 'plain' | 'without-opener' | 'without-embedder';

const HEADERS: Readonly<Record<Serving, Readonly<Record<string, string>>>> = {
  isolated: { ...OPENER, ...EMBEDDER },
  credentialless: { ...OPENER, ...CREDENTIALLESS },
  plain: {},
  'without-opener': EMBEDDER,
  'without-embedder': OPENER,
};

function pageOf(program: string): string {
  return `<!doctype html><title>flysocket</title><script type="module" src="${program}"></script>`;
}

export class TestServer {
  /** The programs by name, bundled. */
  readonly programs: ReadonlyMap<string, string>;
  readonly #server: Server;

  private constructor(programs: ReadonlyMap<string, string>, server: Server) {
    this.programs = programs;
    this.#server = server;
  }

  /** @param names of programs in this folder, without extension */
  static async start(names: readonly string[]): Promise<TestServer> {
    const programs = await bundle(names);
    const server = createServer((request, response) => answer(programs, request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TestServer(programs, server);
  }

  /** Of the page that runs `program`. */
  url(serving: Serving, program = 'page'): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${serving}/${program}.html`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

function answer(programs: ReadonlyMap<string, string>, { url = '' }: IncomingMessage, response: ServerResponse): void {
  const [, serving = '', file = ''] = url.split('/');
  const text = file.endsWith('.html') ? pageOf(file.replace('.html', '.js')) : programs.get(file);
  const type = file.endsWith('.html') ? 'text/html' : 'text/javascript';
  response.writeHead(text === undefined ? 404 : 200, { ...HEADERS[serving as Serving], 'Content-Type': type });
  response.end(text ?? 'not here');
}

/** One file for each program, with all of the library that it uses: what a user's bundler would make. */
async function bundle(names: readonly string[]): Promise<Map<string, string>> {
  const { outputFiles } = await build({
    entryPoints: names.map((name) => fileURLToPath(new URL(`./${name}.js`, import.meta.url))),
    outdir: 'unwritten',
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    // Without the paths of tsconfig.json: the library is what package.json gives to browsers.
    tsconfigRaw: '{}',
    target: 'es2022',
    logLevel: 'error',
  });
  return new Map(outputFiles.map(({ path, text }) => [path.slice(path.lastIndexOf('/') + 1), text]));
}
