import { RSocketError } from '../flyweight/index.ts';
import { LINK_CONTROL_LENGTH } from './LinkControlDescriptor.ts';
import { LINK_VERSION, type RingInvitation } from './LinkInvitation.ts';
import { RingMemory } from './RingMemory.ts';
import type { LinkPort } from './ThreadPlatform.ts';

/** Data capacity of each of a link's rings, in bytes: both rings stay in a processor's second-level cache. */
export const RING_CAPACITY: number = 256 * 1024;
/** The smallest ring that a link works with: its largest message holds a fragment of 64 bytes. */
export const MIN_RING_CAPACITY = 1_024;

/**
 * Makes the memory of a link over rings and the invitations to it; side 0 is by convention who asked for the link.
 * @throws RSocketError ERR_FLYSOCKET_RING_CAPACITY
 */
export function invitationsTo(
  name: string,
  ringCapacity: number,
  counters: ArrayBufferLike,
): [RingInvitation, RingInvitation] {
  if (ringCapacity < MIN_RING_CAPACITY) {
    const message = `ring too small for a link: ringCapacity=${ringCapacity}, minimum=${MIN_RING_CAPACITY}`;
    throw new RSocketError('ERR_FLYSOCKET_RING_CAPACITY', message);
  }
  const length = RingMemory.lengthFor(ringCapacity);
  const shared = {
    flysocket: 'invitation',
    version: LINK_VERSION,
    transport: 'ring',
    name,
    rings: [newRing(length, name), newRing(length, name)],
    control: new SharedArrayBuffer(LINK_CONTROL_LENGTH),
    counters,
  } as const;
  const { port1, port2 }: { port1: LinkPort; port2: LinkPort } = new MessageChannel();
  return [
    { ...shared, side: 0, port: port1 },
    { ...shared, side: 1, port: port2 },
  ];
}

/** Made ready here, so that no side can die on the other one while it does that. */
function newRing(length: number, label: string): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(length);
  new RingMemory(memory, 0, label);
  return memory;
}
