import type { CloseOptions, Responder, RSocketPeer } from '../core/index.ts';
import type { ServeTcpOptions } from '../tcp-transport/index.ts';
import type { ServeWebSocketOptions } from '../ws-transport/index.ts';
import {
  type EndpointAddress,
  isWebSocketAddress,
  type TcpEndpointAddress,
  urlOf,
  type WebSocketEndpointAddress,
} from './EndpointAddress.ts';
import { notAnAddress, parseAddress } from './parseAddress.ts';

/** What a server may choose, whatever its URL says; all of it has a default but `tls` for tls: and wss:. */
export interface ServeOptions extends ServeTcpOptions, Omit<ServeWebSocketOptions, keyof ServeTcpOptions> {}

/** A server that listens. */
export interface Server {
  /** Where clients find it: the URL that was asked for, with the port that it was given. */
  readonly url: string;
  /** The clients that have been let in and are there still. */
  readonly peers: ReadonlySet<RSocketPeer>;
  /** Listens no more, lets running streams finish within the deadline, and ends. */
  close(options?: CloseOptions): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Serves at `url`: `tcp://host:port`, `tls://host:port`, `unix:path`, `ws://host:port/path`, `wss://...`; port 0 is any
 * that is free. Of a WebSocket's URL the path is the one that clients must ask for, and `/` stands for any. Resolves
 * when it listens.
 *
 *     const server = await serve('tcp://localhost:7878', { requestResponse: ({ data }) => data });
 *
 * @throws RSocketError (as rejection) ERR_FLYSOCKET_URL, ERR_FLYSOCKET_LISTEN
 */
export async function serve(url: string | URL, responder: Responder, options: ServeOptions = {}): Promise<Server> {
  const address = parseAddress(url);
  const mustBeSecure = address.scheme === 'tls' || address.scheme === 'wss';
  const hasTls = options.tls !== undefined;
  if (mustBeSecure && !hasTls) throw notAnAddress(String(url), 'it needs the option `tls` with a certificate');
  if (hasTls && !mustBeSecure && address.scheme !== 'unix')
    throw notAnAddress(String(url), 'the option `tls` needs tls:, wss: or unix:');
  return isWebSocketAddress(address)
    ? serveOverWebSocket(address, responder, options)
    : serveOverTcp(address, responder, options);
}

async function serveOverTcp(address: TcpEndpointAddress, responder: Responder, options: ServeOptions): Promise<Server> {
  const { serveTcp } = await import('../tcp-transport/index.ts');
  const server = await serveTcp(address, responder, options);
  const { port } = server.address as { port?: number };
  return serverAt('port' in address && port !== undefined ? { ...address, port } : address, server);
}

async function serveOverWebSocket(
  address: WebSocketEndpointAddress,
  responder: Responder,
  options: ServeOptions,
): Promise<Server> {
  const { serveWebSocket } = await import('../ws-transport/index.ts');
  const { host, port, path } = address;
  if (path.includes('?')) throw notAnAddress(urlOf(address), 'a server takes any query, and its URL has none');
  const server = await serveWebSocket({ host, port, path: path === '/' ? undefined : path }, responder, options);
  return serverAt({ ...address, port: server.address.port }, server);
}

function serverAt(address: EndpointAddress, server: Pick<Server, 'peers' | 'close'>): Server {
  const url = urlOf(address);
  return {
    url,
    get peers() {
      return server.peers;
    },
    close: (options) => server.close(options),
    [Symbol.asyncDispose]: () => server.close(),
  };
}
