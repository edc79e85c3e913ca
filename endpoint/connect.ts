import type { RSocketPeer } from '../core/index.ts';
import type { ConnectTcpOptions } from '../tcp-transport/index.ts';
import type { DuplexConnection } from '../transport/index.ts';
import type { ConnectWebSocketOptions } from '../ws-transport/index.ts';
import { connectOver, type EndpointOptions } from './connectOver.ts';
import { type EndpointAddress, isWebSocketAddress } from './EndpointAddress.ts';
import { notAnAddress, parseAddress } from './parseAddress.ts';
import type { ReconnectingRSocket } from './ReconnectingRSocket.ts';
import type { ReconnectOptions } from './ReconnectOptions.ts';

/** What a client may choose, whatever its URL says; all of it has a default. */
export interface ConnectOptions
  extends ConnectTcpOptions,
    Omit<ConnectWebSocketOptions, keyof ConnectTcpOptions>,
    EndpointOptions {}

/**
 * Connects to the peer at `url`: `tcp://host:port`, `tls://host:port`, `unix:///path` or `unix:relative/path`,
 * `ws://host:port/path`, `wss://...`. Requests may follow at once. Only the transport that the URL asks for is loaded.
 *
 *     const rsocket = await connect('tcp://localhost:7878');
 *     const answer = await rsocket.requestResponse('question');
 *
 * @throws RSocketError (as rejection) ERR_FLYSOCKET_URL, ERR_FLYSOCKET_CONNECT_FAILED, ERR_FLYSOCKET_CONNECT_TIMEOUT
 */
export function connect(
  url: string | URL,
  options?: ConnectOptions & { readonly reconnect?: false | undefined },
): Promise<RSocketPeer>;
/**
 * The same, and connects again by itself whenever the connection is lost. Resolves at once: the first attempt is one
 * like the others.
 */
export function connect(
  url: string | URL,
  options: ConnectOptions & { readonly reconnect: true | ReconnectOptions },
): Promise<ReconnectingRSocket>;
/** Either, as `options` say. */
export function connect(url: string | URL, options?: ConnectOptions): Promise<RSocketPeer | ReconnectingRSocket>;
/** Either, as `options` say. */
export async function connect(
  url: string | URL,
  options: ConnectOptions = {},
): Promise<RSocketPeer | ReconnectingRSocket> {
  const address = parseAddress(url);
  if ('port' in address && address.port === 0) throw notAnAddress(String(url), 'port 0 is for servers');
  const isSecure = address.scheme !== 'tcp' && address.scheme !== 'ws';
  if (!isSecure && options.tls) throw notAnAddress(String(url), 'the option `tls` needs tls:, wss: or unix:');
  return connectOver((signal) => open(address, String(url), { ...options, signal }), options);
}

async function open(address: EndpointAddress, url: string, options: ConnectOptions): Promise<DuplexConnection> {
  if (isWebSocketAddress(address)) {
    const { openWebSocket } = await import('../ws-transport/index.ts');
    const { tls } = options;
    return openWebSocket(url, { ...options, tls: typeof tls === 'object' ? tls : undefined });
  }
  const { openTcp } = await import('../tcp-transport/index.ts');
  return openTcp(address, address.scheme === 'tls' ? { ...options, tls: options.tls || true } : options);
}
