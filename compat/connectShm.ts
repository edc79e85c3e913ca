import { Worker } from 'node:worker_threads';
import { processCounters } from '../counters/index.ts';
import { RSocketError } from '../flyweight/index.ts';
import {
  invitationsTo,
  type OpenLinkOptions,
  openLink,
  RING_CAPACITY,
  reclaimAtEndOf,
  type ShmLink,
} from '../shm-transport/index.ts';
import { DEFAULT_SHM_SERVICE, endpointOf, nameOf, type ShmTarget } from './ShmEndpoint.ts';
import type { ShmRequest } from './ShmRequest.ts';
import { whenWorkerEnds } from './whenWorkerEnds.ts';

/** How a connection in shared memory is made; all of it has a default. */
export interface ConnectShmOptions extends ShmTarget, OpenLinkOptions {
  /** Data capacity of each of the two rings in bytes, a power of two from 1 KiB to 1 GiB. Default `RING_CAPACITY`. */
  readonly ringCapacity?: number | undefined;
  /** Names the connection in counters and messages. Default by the threads' numbers. */
  readonly name?: string | undefined;
}

/**
 * Opens a connection of its own to another thread in which `listenShm` listens; no SETUP is sent. Each call makes two
 * more rings, and any number may be open between the same two threads.
 * @throws RSocketError (as rejection) ERR_FLYSOCKET_LINK_TIMEOUT if nobody there answers in time,
 *   ERR_FLYSOCKET_LINK_REFUSED if the server takes no more, ERR_FLYSOCKET_PEER_DIED if that thread has ended,
 *   ERR_FLYSOCKET_NO_PARENT, ERR_FLYSOCKET_RING_CAPACITY
 */
export async function connectShm(options: ConnectShmOptions = {}): Promise<ShmLink> {
  const endpoint = endpointOf(options);
  const name = options.name ?? nameOf(endpoint);
  const { service = DEFAULT_SHM_SERVICE, ringCapacity = RING_CAPACITY } = options;
  if (endpoint instanceof Worker && endpoint.threadId < 0) {
    throw new RSocketError('ERR_FLYSOCKET_PEER_DIED', `link "${name}": the worker has ended`);
  }
  const [ours, theirs] = invitationsTo(name, ringCapacity, processCounters().memory);
  const request: ShmRequest = { flysocket: 'connection', service, invitation: theirs };
  const transfer = [theirs.port] as never[];
  if (!(endpoint instanceof Worker)) {
    endpoint.postMessage(request, transfer);
    return openLink(ours, options);
  }
  let giveUp = (): void => {};
  const ended = new Promise<never>((_, reject) => {
    giveUp = () => {
      reject(new RSocketError('ERR_FLYSOCKET_PEER_DIED', `link "${name}": the worker has ended`));
      ours.port.close();
    };
  });
  reclaimAtEndOf(endpoint);
  const forget = whenWorkerEnds(endpoint, () => giveUp());
  endpoint.postMessage(request, transfer);
  try {
    const link = await Promise.race([openLink(ours, options), ended]);
    reclaimAtEndOf(endpoint, link);
    return link;
  } finally {
    forget();
  }
}
