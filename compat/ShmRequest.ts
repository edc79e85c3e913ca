/**
 * How a thread asks another one for a connection of its own, beside whatever else the two say to each other: a message
 * over the port that a worker and its parent have, with one side's invitation to a new link in it.
 *
 *   client   --- ShmRequest (service, invitation) --->   server       over parentPort
 *   client   <--- LinkHello, LinkHello ---------------->  server      over the invitation's port: docs/wire/link.md
 *
 * It differs from a bare invitation, so that `acceptParent` does not take it, and is not taken by it.
 */
import { MessagePort } from 'node:worker_threads';
import type { RingInvitation } from '../shm-transport/index.ts';

export interface ShmRequest {
  readonly flysocket: 'connection';
  /** Which of the servers of that thread is meant. */
  readonly service: string;
  readonly invitation: RingInvitation;
}

/** Whether that asks for a connection, and can be answered. */
export function isShmRequest(message: unknown): message is ShmRequest {
  if (typeof message !== 'object' || message === null) return false;
  const { flysocket, service, invitation } = message as Partial<ShmRequest>;
  return (
    flysocket === 'connection' &&
    typeof service === 'string' &&
    typeof invitation === 'object' &&
    invitation !== null &&
    (invitation.port as unknown) instanceof MessagePort
  );
}
