import { RSocketError } from '../flyweight/index.ts';
import { LINK_VERSION, type PortInvitation } from './LinkInvitation.ts';
import type { LinkPort } from './ThreadPlatform.ts';

/** Bytes of a batch of frames that cross a port together. */
export const PORT_BATCH_LENGTH: number = 64 * 1024;
/** The shortest batch that a link works with: it holds a fragment of 64 bytes. */
export const MIN_PORT_BATCH_LENGTH = 128;
/** The longest batch: its largest frame is as long as a frame can be. */
export const MAX_PORT_BATCH_LENGTH: number = 16 * 1024 * 1024;

/**
 * Makes the invitations to a link over a port; side 0 is by convention who asked for the link.
 * @param batchLength bytes of each batch, rounded up to a multiple of 8
 * @param counters the process's counters region, if it can be shared
 * @throws RSocketError ERR_FLYSOCKET_BATCH_LENGTH
 */
export function portInvitationsTo(
  name: string,
  batchLength: number,
  counters?: ArrayBufferLike,
): [PortInvitation, PortInvitation] {
  if (!(batchLength >= MIN_PORT_BATCH_LENGTH && batchLength <= MAX_PORT_BATCH_LENGTH)) {
    const bounds = `${MIN_PORT_BATCH_LENGTH} to ${MAX_PORT_BATCH_LENGTH}`;
    throw new RSocketError('ERR_FLYSOCKET_BATCH_LENGTH', `batchLength=${batchLength}, not within ${bounds}`);
  }
  const shared = {
    flysocket: 'invitation',
    version: LINK_VERSION,
    transport: 'port',
    name,
    batchLength: (batchLength + 7) & ~7,
    counters,
  } as const;
  const { port1, port2 }: { port1: LinkPort; port2: LinkPort } = new MessageChannel();
  return [
    { ...shared, side: 0, port: port1 },
    { ...shared, side: 1, port: port2 },
  ];
}
