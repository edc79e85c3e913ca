import type { RSocketPeer } from '../core/index.ts';
import { type ConnectWebSocketOptions, openWebSocket } from '../ws-transport/index.ts';
import { connectOver, type EndpointOptions } from './connectOver.ts';
import { notAnAddress, parseAddress } from './parseAddress.ts';
import type { ReconnectingRSocket } from './ReconnectingRSocket.ts';
import type { ReconnectOptions } from './ReconnectOptions.ts';

const ALLOWED = 'ws://host:port/path, wss://host:port/path';

/** What a client in a browser may choose; all of it has a default. */
export interface ConnectInBrowserOptions
  extends Omit<ConnectWebSocketOptions, 'headers' | 'tls' | 'maxInboundFrameLength'>,
    EndpointOptions {}

/**
 * Connects to the peer at `url`, which is `ws://host:port/path` or `wss://...`: what a browser can.
 * @throws RSocketError (as rejection) ERR_FLYSOCKET_URL, ERR_FLYSOCKET_CONNECT_FAILED, ERR_FLYSOCKET_CONNECT_TIMEOUT
 */
export function connectInBrowser(
  url: string | URL,
  options?: ConnectInBrowserOptions & { readonly reconnect?: false | undefined },
): Promise<RSocketPeer>;
/**
 * The same, and connects again by itself whenever the connection is lost. Resolves at once: the first attempt is one
 * like the others.
 */
export function connectInBrowser(
  url: string | URL,
  options: ConnectInBrowserOptions & { readonly reconnect: true | ReconnectOptions },
): Promise<ReconnectingRSocket>;
/** Either, as `options` say. */
export async function connectInBrowser(
  url: string | URL,
  options: ConnectInBrowserOptions = {},
): Promise<RSocketPeer | ReconnectingRSocket> {
  const { scheme } = parseAddress(url);
  if (scheme !== 'ws' && scheme !== 'wss') throw notAnAddress(String(url), `no ${scheme}: in browsers`, ALLOWED);
  return connectOver(() => openWebSocket(url, options), options);
}
