import { openLink, type PortConnection, portInvitationsTo } from 'flysocket/shm-transport';

/** Bytes of a batch that a payload of a megabyte fills many times. */
export const SMALL_BATCH = 4_096;

/** Both ends of a link over a port, in this one thread. */
export function portPair(batchLength: number = SMALL_BATCH): Promise<[PortConnection, PortConnection]> {
  const [left, right] = portInvitationsTo('pair', batchLength);
  return Promise.all([openLink(left), openLink(right)]);
}
