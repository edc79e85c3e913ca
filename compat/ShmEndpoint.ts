import { type MessagePort, parentPort, threadId, Worker } from 'node:worker_threads';
import { RSocketError } from '../flyweight/index.ts';

/** Which thread is meant, out of those that this one can post messages to. */
export interface ShmTarget {
  /** A worker that this thread started. Without it and `port`: the parent, for which this thread has to be a worker. */
  readonly worker?: Worker | undefined;
  /** A port of a MessageChannel whose other one is in that thread: for two workers, say. It stays open. */
  readonly port?: MessagePort | undefined;
  /** Names one of several servers of that thread. Default `DEFAULT_SHM_SERVICE`. */
  readonly service?: string | undefined;
}

/** The service of who names none. */
export const DEFAULT_SHM_SERVICE = 'rsocket';

/** What carries requests for connections. */
export type ShmEndpoint = Worker | MessagePort;

/** @throws RSocketError ERR_FLYSOCKET_NO_PARENT if neither worker nor port is given, and this thread has no parent */
export function endpointOf({ worker, port }: ShmTarget): ShmEndpoint {
  const endpoint = worker ?? port ?? parentPort;
  if (endpoint !== null) return endpoint;
  const message = 'without the option `worker` or `port`, the thread has to be a worker itself';
  throw new RSocketError('ERR_FLYSOCKET_NO_PARENT', message);
}

/** For counters and messages: `worker 3`, or `parent of worker 3`. */
export function nameOf(endpoint: ShmEndpoint): string {
  if (endpoint instanceof Worker) return `worker ${endpoint.threadId}`;
  return isParent(endpoint) ? `parent of worker ${threadId}` : `peer of thread ${threadId}`;
}

/** True for the port to the thread that started this one. */
export function isParent(endpoint: ShmEndpoint): boolean {
  return endpoint === parentPort;
}
