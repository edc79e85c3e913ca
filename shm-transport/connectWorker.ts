import type { Worker } from 'node:worker_threads';
import { processCounters } from '../counters/index.ts';
import { RSocketError } from '../flyweight/index.ts';
import { invitationsTo, RING_CAPACITY } from './LinkInvitation.ts';
import { WorkerPeer, type WorkerPeerOptions } from './WorkerPeer.ts';

/** What the parent chooses; ring and name are its to choose alone. */
export interface ConnectWorkerOptions extends WorkerPeerOptions {
  /** Data capacity of each of the two rings in bytes, a power of two from 1 KiB to 1 GiB. Default `RING_CAPACITY`. */
  readonly ringCapacity?: number | undefined;
  /** Names the link in counters and messages. Default: the worker's thread id. */
  readonly name?: string | undefined;
}

const knownWorkers = new WeakSet<Worker>();

/**
 * Links this thread with a worker that it started, which calls `acceptParent`. Either side can then call the other.
 * The link ends when either closes it or the worker's thread ends; it is not the worker's end: `terminate` is yours.
 *
 * @throws RSocketError (as rejection) ERR_FLYSOCKET_LINK_TIMEOUT if the worker does not accept in time,
 *   ERR_FLYSOCKET_LINK_REFUSED if it cannot, ERR_FLYSOCKET_PEER_DIED if it has ended or ends before,
 *   ERR_FLYSOCKET_RING_CAPACITY
 */
export async function connectWorker(worker: Worker, options: ConnectWorkerOptions = {}): Promise<WorkerPeer> {
  const name = options.name ?? `worker ${worker.threadId}`;
  if (worker.threadId < 0) {
    throw new RSocketError('ERR_FLYSOCKET_PEER_DIED', `link "${name}": the worker has ended`);
  }
  const [ours, theirs] = invitationsTo(name, options.ringCapacity ?? RING_CAPACITY, processCounters().memory);
  freeCountersAtExit(worker);
  const onExit = (): void => ours.port.close();
  worker.once('exit', onExit);
  worker.postMessage(theirs, [theirs.port]);
  try {
    return await WorkerPeer.open(ours, options);
  } finally {
    worker.off('exit', onExit);
  }
}

/** A thread that was stopped has not given back its counters. */
function freeCountersAtExit(worker: Worker): void {
  if (knownWorkers.has(worker)) return;
  knownWorkers.add(worker);
  const { threadId } = worker;
  worker.once('exit', () => processCounters().freeOwnedBy(threadId));
}
