import { RSocketError } from '../flyweight/index.ts';
import type { EndpointAddress } from './EndpointAddress.ts';

const ALLOWED = 'tcp://host:port, tls://host:port, unix:path, ws://host:port/path, wss://host:port/path';
const WS_PORT = 80;
const WSS_PORT = 443;

/**
 * Reads the URL of a peer.
 *
 *   tcp://host:port   tls://host:port     TCP, and TLS over it; IPv6 addresses in brackets
 *   unix:///run/a.sock   unix:a.sock      a Unix socket, by its absolute or relative path, percent-encoded where need be
 *   ws://host:port/path   wss://...       WebSocket; the port may be left out
 *
 * @throws RSocketError ERR_FLYSOCKET_URL
 */
export function parseAddress(url: string | URL): EndpointAddress {
  const text = String(url);
  const scheme = /^([a-z]+):/i.exec(text)?.[1]?.toLowerCase();
  switch (scheme) {
    case 'unix':
      return { scheme, path: unixPath(text) };
    case 'tcp':
    case 'tls': {
      const { hostname, port, pathname, search, hash } = parse(text);
      if (port === '' || hostname === '') throw notAnAddress(text, 'it needs a host and a port');
      if (pathname.length > 1 || search !== '' || hash !== '') throw notAnAddress(text, 'nothing follows the port');
      return { scheme, host: bare(hostname), port: Number(port) };
    }
    case 'ws':
    case 'wss': {
      const { hostname, port, pathname, search, hash } = parse(text);
      if (hash !== '') throw notAnAddress(text, 'it has no fragment');
      const usual = scheme === 'ws' ? WS_PORT : WSS_PORT;
      return { scheme, host: bare(hostname), port: port === '' ? usual : Number(port), path: pathname + search };
    }
    default:
      throw notAnAddress(text, scheme === undefined ? 'it has no scheme' : `the scheme ${scheme}: is not known`);
  }
}

/** An ERR_FLYSOCKET_URL that names the URL, what is wrong with it, and what is allowed. */
export function notAnAddress(text: string, why: string, allowed: string = ALLOWED): RSocketError {
  return new RSocketError('ERR_FLYSOCKET_URL', `not the URL of a peer: "${text}": ${why}. Allowed: ${allowed}`);
}

function parse(text: string): URL {
  if (!URL.canParse(text)) throw notAnAddress(text, 'host or port are malformed');
  return new URL(text);
}

function unixPath(text: string): string {
  const encoded = text.slice('unix:'.length).replace(/^\/\/(?=\/)/, '');
  if (encoded === '' || encoded.startsWith('//')) throw notAnAddress(text, 'it needs a path, and no host');
  try {
    return decodeURIComponent(encoded);
  } catch {
    throw notAnAddress(text, 'a % begins no escape');
  }
}

/** A host without the brackets of an IPv6 address. */
function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}
