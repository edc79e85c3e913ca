/**
 * How two threads come to share a link (docs/wire/link.md). Whoever knows both makes a MessageChannel, and the memory
 * if there shall be rings, and hands each side an invitation with one of the ports; each then greets the other through
 * its port:
 *
 *   maker           --- LinkInvitation (transport, port, version, rings) --->  each side that isn't the maker itself
 *   side 0  <------ LinkHello (version, sizes; for rings its thread's cell) ------>  side 1
 *
 * A side that cannot take part answers with a LinkRefusal instead.
 */
import type { LinkPort } from './ThreadPlatform.ts';

/** Version of the handshake and of what the link's memory means. */
export const LINK_VERSION = 1;

/** What every invitation has. */
interface Invitation {
  readonly flysocket: 'invitation';
  readonly version: number;
  readonly side: 0 | 1;
  readonly name: string;
  /** The process's counters region, where threads can share it. */
  readonly counters?: ArrayBufferLike | undefined;
  readonly port: LinkPort;
}

/** One side's copy of what a link over two rings is made of. */
export interface RingInvitation extends Invitation {
  readonly transport: 'ring';
  readonly rings: readonly [SharedArrayBuffer, SharedArrayBuffer];
  readonly control: SharedArrayBuffer;
}

/** One side's copy of what a link over a port alone is made of. */
export interface PortInvitation extends Invitation {
  readonly transport: 'port';
  /** Bytes of each batch of frames. */
  readonly batchLength: number;
}

/** One side's copy of what the link is made of. */
export type LinkInvitation = RingInvitation | PortInvitation;

/** What each side says first. */
export interface LinkHello {
  readonly flysocket: 'hello';
  readonly version: number;
  /** Of a link over rings: their sizes in bytes, and the ThreadCell of the greeting thread. */
  readonly ringCapacities?: readonly [number, number];
  readonly cell?: SharedArrayBuffer;
  /** Of a link over a port. */
  readonly batchLength?: number;
  /** Tells of the greeting thread's end where ports do not (`ThreadPlatform.ownLife`). */
  readonly life?: string | undefined;
}

/** What a side says that cannot take part, and why. */
export interface LinkRefusal {
  readonly flysocket: 'refusal';
  readonly code: string;
  readonly message: string;
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
