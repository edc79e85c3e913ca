import { compositeMetadata, MESSAGE_RSOCKET_COMPOSITE_METADATA } from '../metadata/index.ts';
import type { Arguments } from './Arguments.ts';
import type { Host } from './Host.ts';
import type { Option } from './Option.ts';
import { readInput } from './readInput.ts';
import { UsageError } from './UsageError.ts';

/** Options of `call` that make metadata. */
export const METADATA_OPTIONS: readonly Option[] = [
  { name: 'metadata', short: 'm', value: 'METADATA', help: 'the metadata: text, @FILE or - for standard input' },
  { name: 'route', value: 'ROUTE', help: 'composite metadata: where the request goes' },
  { name: 'auth-simple', value: 'USER:PASSWORD', help: 'composite metadata: credentials' },
  { name: 'auth-bearer', value: 'TOKEN', help: 'composite metadata: a token' },
];

/** Metadata of a request, and its MIME type where that is not the caller's choice. */
interface RequestMetadata {
  readonly metadata: Uint8Array | undefined;
  readonly metadataMimeType: string | undefined;
}

/** Metadata by `--metadata`, or composite metadata by `--route` and `--auth-...`. */
export async function requestMetadata(args: Arguments, host: Host): Promise<RequestMetadata> {
  const plain = args.text('metadata');
  const parts = ['route', 'auth-simple', 'auth-bearer'].filter((name) => args.has(name));
  const mimeType = args.text('metadata-mime-type');
  if (parts.length === 0) {
    const metadata = plain === undefined ? undefined : await readInput(plain, host);
    return { metadata, metadataMimeType: mimeType };
  }
  if (plain !== undefined) throw new UsageError(`--metadata and --${parts[0]} are two ways to say it: choose one`);
  if (mimeType !== undefined && mimeType !== MESSAGE_RSOCKET_COMPOSITE_METADATA)
    throw new UsageError(`--${parts[0]} makes metadata of type ${MESSAGE_RSOCKET_COMPOSITE_METADATA}`);
  return { metadata: compositeOf(args), metadataMimeType: MESSAGE_RSOCKET_COMPOSITE_METADATA };
}

function compositeOf(args: Arguments): Uint8Array {
  const composite = compositeMetadata();
  const route = args.text('route');
  const simple = args.text('auth-simple');
  const bearer = args.text('auth-bearer');
  if (route !== undefined) composite.route(route);
  if (simple !== undefined) {
    const colon = simple.indexOf(':');
    if (colon < 0) throw new UsageError('--auth-simple is USER:PASSWORD, with a colon');
    composite.simple(simple.slice(0, colon), simple.slice(colon + 1));
  }
  if (bearer !== undefined) composite.bearer(bearer);
  return composite.toBytes();
}
