import type { Worker } from 'node:worker_threads';
import { processCounters } from '../counters/index.ts';
import type { ShmLink } from '../shm-transport/index.ts';

/** Who waits for the end of each worker: one listener for all of them, however many connections there are to it. */
const waiting: WeakMap<Worker, Set<() => void>> = new WeakMap();

/**
 * Calls back once when a worker has ended. What it has counted is then free for others: a thread that was stopped has
 * not given that back.
 * @returns forgets about it
 */
export function whenWorkerEnds(worker: Worker, callback: () => void): () => void {
  const callbacks = waiting.get(worker) ?? watch(worker);
  callbacks.add(callback);
  return () => {
    callbacks.delete(callback);
  };
}

/** Tells a link, as long as it is open, that the worker at its other end has ended: what that held comes back. */
export function tellOfEnd(worker: Worker, link: ShmLink): void {
  link.onClose.then(whenWorkerEnds(worker, () => link.onPeerThreadEnded()));
}

function watch(worker: Worker): Set<() => void> {
  const callbacks: Set<() => void> = new Set();
  const { threadId } = worker;
  waiting.set(worker, callbacks);
  worker.once('exit', () => {
    for (const callback of callbacks) callback();
    callbacks.clear();
    processCounters().freeOwnedBy(threadId);
  });
  return callbacks;
}
