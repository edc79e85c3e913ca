/**
 * How two threads come to share a link (docs/wire/link.md). Whoever knows both makes the memory and a MessageChannel,
 * and hands each side an invitation with one of the ports; each then greets the other through its port:
 *
 *   maker           --- LinkInvitation (rings, control, port, version) --->  each side that isn't the maker itself
 *   side 0  <------ LinkHello (version, ring capacities, its thread's cell) ------>  side 1
 *
 * A side that cannot take part answers with a LinkRefusal instead.
 */
import { MessagePort } from 'node:worker_threads';
import { RSocketError } from '../flyweight/index.ts';
import { LINK_CONTROL_LENGTH } from './LinkControlDescriptor.ts';
import { RingMemory } from './RingMemory.ts';

/** Version of the handshake and of what the link's memory means. */
export const LINK_VERSION = 1;
/** Data capacity of each of a link's rings, in bytes: both rings stay in a processor's second-level cache. */
export const RING_CAPACITY: number = 256 * 1024;
/** The smallest ring that a link works with: its largest message holds a fragment of 64 bytes. */
export const MIN_RING_CAPACITY = 1_024;

/** One side's copy of what the link is made of. */
export interface LinkInvitation {
  readonly flysocket: 'invitation';
  readonly version: number;
  readonly side: 0 | 1;
  readonly name: string;
  readonly rings: readonly [SharedArrayBuffer, SharedArrayBuffer];
  readonly control: SharedArrayBuffer;
  /** The process's counters region. */
  readonly counters: ArrayBufferLike;
  readonly port: MessagePort;
}

/** What each side says first. */
export interface LinkHello {
  readonly flysocket: 'hello';
  readonly version: number;
  readonly ringCapacities: readonly [number, number];
  /** The ThreadCell of the greeting thread. */
  readonly cell: SharedArrayBuffer;
}

/** What a side says that cannot take part, and why. */
export interface LinkRefusal {
  readonly flysocket: 'refusal';
  readonly code: string;
  readonly message: string;
}

/**
 * Makes the memory of a link and the invitations to it; side 0 is by convention who asked for the link.
 * @throws RSocketError ERR_FLYSOCKET_RING_CAPACITY
 */
export function invitationsTo(
  name: string,
  ringCapacity: number,
  counters: ArrayBufferLike,
): [LinkInvitation, LinkInvitation] {
  if (ringCapacity < MIN_RING_CAPACITY) {
    const message = `ring too small for a link: ringCapacity=${ringCapacity}, minimum=${MIN_RING_CAPACITY}`;
    throw new RSocketError('ERR_FLYSOCKET_RING_CAPACITY', message);
  }
  const length = RingMemory.lengthFor(ringCapacity);
  const { port1, port2 } = new MessageChannel() as unknown as { port1: MessagePort; port2: MessagePort };
  const shared = {
    flysocket: 'invitation',
    version: LINK_VERSION,
    name,
    rings: [newRing(length, name), newRing(length, name)],
    control: new SharedArrayBuffer(LINK_CONTROL_LENGTH),
    counters,
  } as const;
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

/** Whether that is an invitation, of whatever version, that can be answered. */
export function isInvitation(message: unknown): message is LinkInvitation {
  return isNamed(message, 'invitation') && (message as { port?: unknown }).port instanceof MessagePort;
}

/** Whether that is a greeting, of whatever version. */
export function isHello(message: unknown): message is LinkHello {
  return isNamed(message, 'hello');
}

/** Whether that is a refusal. */
export function isRefusal(message: unknown): message is LinkRefusal {
  return isNamed(message, 'refusal');
}

function isNamed(message: unknown, name: string): boolean {
  return typeof message === 'object' && message !== null && (message as { flysocket?: unknown }).flysocket === name;
}
