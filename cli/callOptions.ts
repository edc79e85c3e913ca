import type { Arguments } from './Arguments.ts';
import { CLIENT_OPTIONS } from './clientOptions.ts';
import { CALL_TIMEOUT_MS } from './limits.ts';
import type { Option } from './Option.ts';
import { METADATA_OPTIONS } from './requestMetadata.ts';
import { UsageError } from './UsageError.ts';

/** What `call` can ask for. */
const INTERACTIONS = ['request-response', 'stream', 'channel', 'fnf', 'metadata-push'] as const;
/** One of them. */
export type Interaction = (typeof INTERACTIONS)[number];

const INTERACTION_OPTIONS: Readonly<Record<Interaction, string>> = {
  'request-response': 'ask for one answer (default)',
  stream: 'ask for a stream',
  channel: 'send items, and read what comes back',
  fnf: 'fire and forget',
  'metadata-push': 'send metadata for the connection as a whole',
};

/** Options of `call`. */
export const CALL_OPTIONS: readonly Option[] = [
  ...INTERACTIONS.map((name) => ({ name, help: INTERACTION_OPTIONS[name] })),
  {
    name: 'data',
    short: 'd',
    value: 'DATA',
    isRepeatable: true,
    help: 'text, @FILE or - for standard input; a channel sends each, and of - each line',
  },
  ...METADATA_OPTIONS,
  { name: 'initial', short: 'n', value: 'N', help: 'items asked for at first, and ahead of what is printed' },
  { name: 'take', value: 'N', help: 'cancel after N items' },
  {
    name: 'timeout',
    value: 'MS',
    help: `longest wait for the connection, an answer or an item (default: ${CALL_TIMEOUT_MS / 1_000}s)`,
  },
  { name: 'frames', help: 'show every frame, on standard error' },
  { name: 'json', help: 'print each payload as a JSON line, its metadata too' },
  { name: 'setup-data', value: 'DATA', help: "SETUP's data: text, @FILE or -" },
  { name: 'setup-metadata', value: 'METADATA', help: "SETUP's metadata: text, @FILE or -" },
  ...CLIENT_OPTIONS,
];

/** Which one it is. @throws UsageError for two at once */
export function interactionOf(args: Arguments): Interaction {
  const asked = INTERACTIONS.filter((name) => args.has(name));
  if (asked.length > 1)
    throw new UsageError(`one interaction at a time, not ${asked.map((name) => `--${name}`).join(' and ')}`);
  return asked[0] ?? 'request-response';
}
