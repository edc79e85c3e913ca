import { readFileSync } from 'node:fs';
import { MAX_FRAME_LENGTH, MIN_FRAGMENT_LENGTH } from '../codec/index.ts';
import type { ConnectOptions, SetupInit } from '../endpoint/index.ts';
import type { Arguments } from './Arguments.ts';
import type { Option } from './Option.ts';

/** Options of every command that connects. */
export const CLIENT_OPTIONS: readonly Option[] = [
  { name: 'data-mime-type', value: 'TYPE', help: 'of data, said in SETUP (default: application/octet-stream)' },
  { name: 'metadata-mime-type', value: 'TYPE', help: 'of metadata, said in SETUP' },
  { name: 'keep-alive', value: 'MS', help: 'time between KEEPALIVE frames (default: 20s)' },
  { name: 'max-lifetime', value: 'MS', help: 'silence after which the peer counts as dead (default: 90s)' },
  { name: 'lease', help: 'honour leases: requests wait until the peer grants them' },
  { name: 'fragment', value: 'BYTES', help: 'longest frame that is sent; longer payloads go in fragments' },
  { name: 'ca', value: 'FILE', help: 'certificates to trust in PEM, for tls: and wss:' },
  { name: 'insecure', help: 'trust any certificate' },
];

/** What a client is made with. `setup` is what the command adds to its SETUP. */
export function clientOptions(args: Arguments, url: string, setup: SetupInit = {}): Omit<ConnectOptions, 'reconnect'> {
  const isSecure = /^(tls|wss):/i.test(url);
  return {
    setup: {
      dataMimeType: args.text('data-mime-type'),
      metadataMimeType: args.text('metadata-mime-type'),
      keepAliveIntervalMs: args.milliseconds('keep-alive', 1),
      maxLifetimeMs: args.milliseconds('max-lifetime', 1),
      ...setup,
    },
    ...(args.has('lease') ? { lease: {} } : {}),
    maxFrameLength: args.bytes('fragment', MIN_FRAGMENT_LENGTH, MAX_FRAME_LENGTH),
    ...(isSecure ? { tls: tlsOf(args) } : {}),
  };
}

function tlsOf(args: Arguments): ConnectOptions['tls'] {
  const ca = args.text('ca');
  return { ...(ca === undefined ? {} : { ca: readFileSync(ca) }), rejectUnauthorized: !args.has('insecure') };
}
