import type { Worker } from 'node:worker_threads';

/** Who waits for the end of each worker: one listener for all of them, however many connections there are to it. */
const waiting: WeakMap<Worker, Set<() => void>> = new WeakMap();

/** Calls back once when a worker has ended. @returns forgets about it */
export function whenWorkerEnds(worker: Worker, callback: () => void): () => void {
  const callbacks = waiting.get(worker) ?? watch(worker);
  callbacks.add(callback);
  return () => {
    callbacks.delete(callback);
  };
}

function watch(worker: Worker): Set<() => void> {
  const callbacks: Set<() => void> = new Set();
  waiting.set(worker, callbacks);
  worker.once('exit', () => {
    for (const callback of callbacks) callback();
    callbacks.clear();
  });
  return callbacks;
}
