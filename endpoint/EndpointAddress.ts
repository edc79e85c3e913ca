/** What a URL says about where a peer is. */
export type EndpointAddress = TcpEndpointAddress | WebSocketEndpointAddress;

/** A peer over a stream of bytes. */
export type TcpEndpointAddress =
  | { readonly scheme: 'tcp' | 'tls'; readonly host: string; readonly port: number }
  | { readonly scheme: 'unix'; readonly path: string };

/** A peer over WebSocket. `path` is what the upgrade asks for, its query included. */
export interface WebSocketEndpointAddress {
  readonly scheme: 'ws' | 'wss';
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** Tells the two apart. */
export function isWebSocketAddress(address: EndpointAddress): address is WebSocketEndpointAddress {
  return address.scheme === 'ws' || address.scheme === 'wss';
}

/** The URL of an address: what `parseAddress` takes. */
export function urlOf(address: EndpointAddress): string {
  if (address.scheme === 'unix') return `unix:${address.path.startsWith('/') ? '//' : ''}${encodeURI(address.path)}`;
  const { scheme, host, port } = address;
  const origin = `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return 'path' in address ? origin + address.path : origin;
}
