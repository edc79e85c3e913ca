import { RSocketError } from '../flyweight/index.ts';
import { chooseTransport, type LinkChoice } from './chooseTransport.ts';
import { platform } from './platform.ts';
import { reclaimAtEndOf } from './reclaimAtEndOf.ts';
import type { WorkerThread } from './ThreadPlatform.ts';
import { WorkerPeer, type WorkerPeerOptions } from './WorkerPeer.ts';

/** What the parent chooses; transport and name are its to choose alone. */
export interface ConnectWorkerOptions extends WorkerPeerOptions, LinkChoice {
  /** Names the link in counters and messages. Default: the worker's thread id, or its number in a page. */
  readonly name?: string | undefined;
}

/**
 * Links this thread with a worker that it started, which calls `acceptParent`. Either side can then call the other.
 * The link ends when either closes it or the worker's thread ends; it is not the worker's end: `terminate` is yours.
 *
 * @throws RSocketError (as rejection) ERR_FLYSOCKET_LINK_TIMEOUT if the worker does not accept in time,
 *   ERR_FLYSOCKET_LINK_REFUSED if it cannot, ERR_FLYSOCKET_PEER_DIED if it has ended, ends before,
 *   or (in a page) fails before; ERR_FLYSOCKET_NOT_ISOLATED, ERR_FLYSOCKET_RING_CAPACITY, ERR_FLYSOCKET_BATCH_LENGTH
 */
export async function connectWorker(worker: WorkerThread, options: ConnectWorkerOptions = {}): Promise<WorkerPeer> {
  const id = platform.idOf(worker);
  const name = options.name ?? `worker ${id}`;
  if (id < 0) {
    throw new RSocketError('ERR_FLYSOCKET_PEER_DIED', `link "${name}": the worker has ended`);
  }
  const [ours, theirs] = chooseTransport(name, options);
  reclaimAtEndOf(worker);
  let stopListening = (): void => {};
  const failed = new Promise<never>((_, reject) => {
    stopListening = platform.onceFailed(worker, (reason) => {
      reject(new RSocketError('ERR_FLYSOCKET_PEER_DIED', `link "${name}": the worker has ended: ${reason}`));
      ours.port.close();
    });
  });
  worker.postMessage(theirs, [theirs.port]);
  try {
    const peer = await Promise.race([WorkerPeer.open(ours, options), failed]);
    reclaimAtEndOf(worker, peer.link);
    return peer;
  } finally {
    stopListening();
  }
}
