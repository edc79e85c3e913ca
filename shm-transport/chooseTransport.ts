import { processCounters } from '../counters/index.ts';
import { RSocketError } from '../flyweight/index.ts';
import { invitationsTo, RING_CAPACITY } from './invitationsTo.ts';
import type { LinkInvitation } from './LinkInvitation.ts';
import { platform } from './platform.ts';
import { PORT_BATCH_LENGTH, portInvitationsTo } from './portInvitationsTo.ts';

/**
 * What carries the frames of a link: rings in shared memory, or messages of a port. `auto` takes rings wherever memory
 * can be shared: in Node, and in pages that are cross-origin isolated (`checkIsolation`).
 */
export type LinkTransport = 'ring' | 'port' | 'auto';

/** What whoever makes a link chooses for both sides of it. */
export interface LinkChoice {
  /** Default `auto`. */
  readonly transport?: LinkTransport | undefined;
  /** Data capacity of each of the two rings in bytes, a power of two from 1 KiB to 1 GiB. Default `RING_CAPACITY`. */
  readonly ringCapacity?: number | undefined;
  /**
   * Bytes of a batch of frames, over a port; each direction has `MAX_BATCHES_IN_FLIGHT`. Default `PORT_BATCH_LENGTH`.
   */
  readonly batchLength?: number | undefined;
}

/**
 * Makes the invitations to a link.
 * @throws RSocketError ERR_FLYSOCKET_NOT_ISOLATED if rings are wanted where memory cannot be shared,
 *   ERR_FLYSOCKET_RING_CAPACITY, ERR_FLYSOCKET_BATCH_LENGTH
 */
export function chooseTransport(name: string, choice: LinkChoice): [LinkInvitation, LinkInvitation] {
  const { transport = 'auto', ringCapacity = RING_CAPACITY, batchLength = PORT_BATCH_LENGTH } = choice;
  const { memory } = processCounters();
  if (transport === 'port' || (transport === 'auto' && !platform.canShareMemory)) {
    return portInvitationsTo(name, batchLength, platform.canShareMemory ? memory : undefined);
  }
  if (!platform.canShareMemory) {
    const message = `link "${name}": this page is not cross-origin isolated, so it has no shared memory`;
    throw new RSocketError('ERR_FLYSOCKET_NOT_ISOLATED', `${message}; see checkIsolation()`);
  }
  return invitationsTo(name, ringCapacity, memory);
}
