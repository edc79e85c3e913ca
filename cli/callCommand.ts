import { PREFETCH } from '../core/index.ts';
import {
  connect,
  type Payload,
  type PayloadInit,
  type RSocket,
  type StreamOptions,
  WatchedConnection,
} from '../endpoint/index.ts';
import type { Arguments } from './Arguments.ts';
import type { Command } from './Command.ts';
import { CALL_OPTIONS, type Interaction, interactionOf } from './callOptions.ts';
import { clientOptions } from './clientOptions.ts';
import { FramePrinter } from './FramePrinter.ts';
import type { Host } from './Host.ts';
import { CALL_TIMEOUT_MS } from './limits.ts';
import { Patience } from './Patience.ts';
import { PayloadPrinter } from './PayloadPrinter.ts';
import { linesOf, readInput } from './readInput.ts';
import { requestMetadata } from './requestMetadata.ts';
import { UsageError } from './UsageError.ts';

const NOTES = `URL: tcp://host:port, tls://host:port, unix:path, ws://host:port/path, wss://host:port/path

  flysocket call tcp://localhost:7878 -d hello
  flysocket call tcp://localhost:7878 --stream -d 1000 --take 5 --frames
  cat lines | flysocket call ws://localhost:7879 --channel -d -`;

/** `flysocket call`: one request, and what comes of it. */
export const callCommand: Command = {
  name: 'call',
  operands: 'URL',
  summary: 'Make one request, and print what comes of it.',
  options: CALL_OPTIONS,
  notes: NOTES,
  run,
};

/** What is asked, and how long it may take. */
interface Call {
  readonly interaction: Interaction;
  /** For all but a channel. */
  readonly request: PayloadInit;
  /** For a channel. */
  readonly items: AsyncIterable<PayloadInit>;
  readonly prefetch: number;
  readonly take: number;
  readonly patience: Patience;
  readonly printer: PayloadPrinter;
}

async function run(args: Arguments, host: Host): Promise<number> {
  const url = args.operand('the URL of a peer');
  const interaction = interactionOf(args);
  const isChannel = interaction === 'channel';
  const isJson = args.has('json');
  const take = args.integer('take', 1) ?? Number.POSITIVE_INFINITY;
  const timeoutMs = args.milliseconds('timeout', 1) ?? CALL_TIMEOUT_MS;
  const values = args.texts('data');
  if (!isChannel && values.length > 1) throw new UsageError('only --channel takes more than one --data');
  const { metadata, metadataMimeType } = await requestMetadata(args, host);
  if (interaction === 'metadata-push' && metadata === undefined)
    throw new UsageError('--metadata-push needs metadata: --metadata, --route or --auth-...');
  const request: PayloadInit = { data: isChannel ? undefined : await readInput(values[0] ?? '', host), metadata };
  const setup = { metadataMimeType, payload: await setupPayload(args, host) };
  const frames = args.has('frames') ? new FramePrinter(host, isJson) : undefined;
  const patience = new Patience(timeoutMs);
  try {
    const call: Call = {
      interaction,
      request,
      items: channelItems(values, metadata, patience, host),
      prefetch: args.integer('initial', 1) ?? Math.min(take, PREFETCH),
      take,
      patience,
      printer: new PayloadPrinter(host, { isJson, isStream: isChannel || interaction === 'stream' }),
    };
    const rsocket = await connect(url, {
      ...clientOptions(args, url, setup),
      signal: patience.signal,
      connectTimeoutMs: timeoutMs,
      ...(frames === undefined ? {} : { decorate: (connection) => new WatchedConnection(connection, frames) }),
    });
    try {
      await perform(rsocket, call);
    } finally {
      await rsocket.close({ deadlineMs: timeoutMs });
    }
    const error = await rsocket.onClose;
    if (error !== undefined) throw error;
  } finally {
    patience.end();
    // Whoever still writes there would keep the program waiting.
    if (isChannel) host.stdin.destroy();
  }
  return 0;
}

async function perform(
  rsocket: RSocket,
  { interaction, request, items, prefetch, take, patience, printer }: Call,
): Promise<void> {
  const { signal } = patience;
  const options: StreamOptions = { signal, prefetch };
  const printAll = async (payloads: AsyncIterable<Payload>): Promise<void> => {
    let printed = 0;
    for await (const payload of payloads) {
      await patience.during(printer.print(payload));
      if (++printed === take) break;
    }
  };
  if (interaction === 'channel') return printAll(rsocket.requestChannel(items, options));
  switch (interaction) {
    case 'stream':
      return printAll(rsocket.requestStream(request, options));
    case 'fnf':
      return rsocket.fireAndForget(request);
    case 'metadata-push':
      return rsocket.metadataPush(request.metadata ?? '');
    default:
      return printer.print(await rsocket.requestResponse(request, { signal }));
  }
}

/** Each value is an item, of standard input each line; the first one has the metadata. */
async function* channelItems(
  values: readonly string[],
  metadata: Uint8Array | undefined,
  patience: Patience,
  host: Host,
): AsyncGenerator<PayloadInit, void, undefined> {
  let first = metadata;
  const itemOf = (data: Uint8Array): PayloadInit => {
    const item = { data, metadata: first };
    first = undefined;
    return item;
  };
  for (const value of values.length === 0 ? [''] : values) {
    if (value !== '-') {
      yield itemOf(await readInput(value, host));
      continue;
    }
    const lines = linesOf(host.stdin);
    for (;;) {
      const line = await patience.during(lines.next());
      if (line.done === true) break;
      yield itemOf(line.value);
    }
  }
}

async function setupPayload(args: Arguments, host: Host): Promise<PayloadInit | undefined> {
  const [data, metadata] = [args.text('setup-data'), args.text('setup-metadata')];
  if (data === undefined && metadata === undefined) return undefined;
  return {
    data: data === undefined ? undefined : await readInput(data, host),
    metadata: metadata === undefined ? undefined : await readInput(metadata, host),
  };
}
