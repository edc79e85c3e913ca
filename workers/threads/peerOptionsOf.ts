import type { RequestHandler } from '../../core/index.ts';
import type { WorkerPeerOptions } from '../../shm-transport/index.ts';
import { MAX_REFERENCED_BYTES } from '../limits.ts';

/** How either end of a pool's link is made. What is to go by reference goes in fragments where it cannot. */
export function peerOptionsOf(requestHandler: RequestHandler, handshakeTimeoutMs?: number): WorkerPeerOptions {
  return { requestHandler, handshakeTimeoutMs, maxPayloadLength: 2 * MAX_REFERENCED_BYTES };
}
