import { readFileSync } from 'node:fs';
import { MAX_FRAME_LENGTH, MIN_FRAGMENT_LENGTH } from '../codec/index.ts';
import type { ServeOptions } from '../endpoint/index.ts';
import type { Arguments } from './Arguments.ts';
import { SERVE_PORT } from './limits.ts';
import type { Option } from './Option.ts';
import { UsageError } from './UsageError.ts';

const LAST_PORT = 65_535;

/** Options of `serve`. */
export const SERVE_OPTIONS: readonly Option[] = [
  { name: 'tcp', value: 'PORT', help: `listen on TCP; 0 is any free port (default, if no other: ${SERVE_PORT})` },
  { name: 'unix', value: 'PATH', help: 'listen on a Unix socket' },
  { name: 'ws', value: 'PORT', help: 'listen for WebSockets' },
  { name: 'ws-path', value: 'PATH', help: 'take only WebSockets whose URL has this path (default: any)' },
  { name: 'host', value: 'HOST', help: 'for TCP and WebSocket (default: 127.0.0.1)' },
  { name: 'cert', value: 'FILE', help: 'certificate in PEM: TCP becomes tls:, WebSocket wss:' },
  { name: 'key', value: 'FILE', help: 'its private key in PEM' },
  { name: 'lease', value: 'N/TTLms', help: 'grant clients that honour leases N requests each so many ms: 100/5000ms' },
  { name: 'max-inbound', value: 'BYTES', help: 'longest frame, and longest payload, that is taken: 65536, 64k, 1m' },
  { name: 'fragment', value: 'BYTES', help: 'longest frame that is sent; longer payloads go in fragments' },
  { name: 'max-streams', value: 'N', help: 'streams that a connection may have open at once' },
  { name: 'max-connections', value: 'N', help: 'connections at once, on each address' },
  { name: 'time-to-first-frame', value: 'MS', help: 'time that a client has for its SETUP: 500, 500ms, 5s' },
  { name: 'max-lifetime', value: 'MS', help: 'longest silence that a client may ask for' },
  { name: 'deadline', value: 'MS', help: 'time that running streams have to finish at the end (default: 5s)' },
  { name: 'verbose', short: 'v', help: 'tell of each client that comes, goes, or is refused' },
];

/** The URLs that `serve` listens at. */
export function serveUrls(args: Arguments): string[] {
  const [tcp, ws] = [args.integer('tcp', 0, LAST_PORT), args.integer('ws', 0, LAST_PORT)];
  const unix = args.text('unix');
  const wsPath = args.text('ws-path') ?? '/';
  const host = args.text('host') ?? '127.0.0.1';
  if (args.has('ws-path') && ws === undefined) throw new UsageError('--ws-path needs --ws');
  if (!wsPath.startsWith('/')) throw new UsageError(`--ws-path begins with /, not "${wsPath}"`);
  if (unix === '') throw new UsageError('--unix needs a path');
  const at = host.includes(':') ? `[${host}]` : host;
  const isSecure = args.has('cert');
  const port = tcp ?? (ws === undefined && unix === undefined ? SERVE_PORT : undefined);
  return [
    ...(port === undefined ? [] : [`${isSecure ? 'tls' : 'tcp'}://${at}:${port}`]),
    ...(unix === undefined ? [] : [`unix:${unix.startsWith('/') ? '//' : ''}${encodeURI(unix)}`]),
    ...(ws === undefined ? [] : [`${isSecure ? 'wss' : 'ws'}://${at}:${ws}${wsPath}`]),
  ];
}

/** What its servers are made with. */
export function serveOptions(args: Arguments): ServeOptions {
  const maxInbound = args.bytes('max-inbound', MIN_FRAGMENT_LENGTH);
  return {
    ...tlsOf(args),
    lease: leaseOf(args),
    maxInboundFrameLength: maxInbound === undefined ? undefined : Math.min(maxInbound, MAX_FRAME_LENGTH),
    maxPayloadLength: maxInbound,
    maxFrameLength: args.bytes('fragment', MIN_FRAGMENT_LENGTH, MAX_FRAME_LENGTH),
    maxStreams: args.integer('max-streams', 1),
    maxConnections: args.integer('max-connections', 1),
    timeToFirstFrameMs: args.milliseconds('time-to-first-frame', 1),
    maxLifetimeMs: args.milliseconds('max-lifetime', 1),
  };
}

function leaseOf(args: Arguments): ServeOptions['lease'] {
  const text = args.text('lease');
  if (text === undefined) return undefined;
  const [, requests, ttl, unit = 'ms'] = /^(\d{1,9})\/(\d{1,6})(ms|s)?$/.exec(text) ?? [];
  const ttlMs = Number(ttl) * (unit === 's' ? 1_000 : 1);
  if (requests === undefined || ttlMs === 0)
    throw new UsageError(`--lease is N/TTL, such as 100/5000ms or 100/5s, not "${text}"`);
  return { grant: { requests: Number(requests), ttlMs } };
}

function tlsOf(args: Arguments): Pick<ServeOptions, 'tls'> {
  const [cert, key] = [args.text('cert'), args.text('key')];
  if (cert === undefined && key === undefined) return {};
  if (cert === undefined || key === undefined) throw new UsageError('--cert and --key go together');
  return { tls: { cert: readFileSync(cert), key: readFileSync(key) } };
}
