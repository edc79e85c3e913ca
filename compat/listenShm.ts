import { threadId, Worker } from 'node:worker_threads';
import { MAX_CONNECTIONS } from '../core/index.ts';
import { adoptProcessCounters } from '../counters/index.ts';
import type { RSocketError } from '../flyweight/index.ts';
import { LINK_VERSION, type OpenLinkOptions, openLink, reclaimAtEndOf, type ShmLink } from '../shm-transport/index.ts';
import { DEFAULT_SHM_SERVICE, endpointOf, isParent, type ShmTarget } from './ShmEndpoint.ts';
import type { ShmRequest } from './ShmRequest.ts';
import { refuseRequest, ShmServices } from './ShmServices.ts';

/** How connections in shared memory are taken; all of it has a default. */
export interface ListenShmOptions extends ShmTarget, OpenLinkOptions {
  /** Connections at once; more are refused. Default the core's `MAX_CONNECTIONS`. */
  readonly maxConnections?: number | undefined;
  /** Told of each connection that could not be opened. */
  readonly onRefused?: ((error: RSocketError) => void) | undefined;
}

interface ShmListener {
  /** Takes no more connections; those that were handed over go on. A second call does nothing. */
  close(): void;
}

/**
 * Takes connections that another thread makes with `connectShm`: in a worker those of its parent, in a parent those of
 * one worker, or of whoever has the other end of a port. In a worker, call it before anything else listens to
 * `parentPort`, which would take the requests away; in the parent, before the worker connects. Messages of other kinds
 * are left to others.
 * @param accept gets each connection, and has to call `receive` on it
 * @throws RSocketError ERR_FLYSOCKET_LISTEN if a server listens there by that name, ERR_FLYSOCKET_NO_PARENT
 */
export function listenShm(options: ListenShmOptions, accept: (link: ShmLink) => void): ShmListener {
  const endpoint = endpointOf(options);
  const { service = DEFAULT_SHM_SERVICE, maxConnections = MAX_CONNECTIONS } = options;
  let connections = 0;
  const open = async (request: ShmRequest): Promise<void> => {
    const { version, counters } = request.invitation;
    if (connections >= maxConnections) {
      throw refuseRequest(request, 'ERR_FLYSOCKET_TOO_MANY_CONNECTIONS', `${connections} connections are open`);
    }
    // A worker counts in its parent's memory, never the other way round.
    if (isParent(endpoint) && version === LINK_VERSION && counters !== undefined) {
      adoptProcessCounters(counters, threadId);
    }
    connections++;
    const link = await openLink(request.invitation, options).catch((error) => {
      connections--;
      throw error;
    });
    link.onClose.then(() => connections--);
    if (endpoint instanceof Worker) reclaimAtEndOf(endpoint, link);
    accept(link);
  };
  const take = (request: ShmRequest): void => {
    open(request).catch((error: RSocketError) => options.onRefused?.(error));
  };
  const services = ShmServices.of(endpoint);
  services.add(service, take);
  return { close: () => services.remove(service, take) };
}
