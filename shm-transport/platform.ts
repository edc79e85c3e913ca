import { type MessagePort, parentPort, threadId, type Worker } from 'node:worker_threads';
import type { LinkPort, PortListener, ThreadPlatform, WorkerThread } from './ThreadPlatform.ts';

/** Turns of the event loop without work, about 1 us each and a pass long, before the thread parks. */
const IDLE_TURNS_BEFORE_PARK = 50;

/** What Node gives a thread. */
export const platform: ThreadPlatform = {
  threadId,
  canShareMemory: true,
  canBlock: true,
  idleTurnsBeforePark: IDLE_TURNS_BEFORE_PARK,

  nextTurn(task: () => void): void {
    setImmediate(task);
  },

  unref(handle: object): void {
    (handle as MessagePort).unref();
  },

  ref(handle: object): void {
    (handle as MessagePort).ref();
  },

  ownLife(): undefined {
    return undefined;
  },

  listen(port: LinkPort, onMessage: PortListener, onClose: () => void): () => void {
    const nodePort = port as MessagePort;
    nodePort.on('message', onMessage);
    nodePort.on('close', onClose);
    return () => {
      nodePort.off('message', onMessage);
      nodePort.off('close', onClose);
    };
  },

  listenToParent(onMessage: PortListener): (() => void) | undefined {
    const port = parentPort;
    if (port === null) return undefined;
    port.on('message', onMessage);
    return () => {
      port.off('message', onMessage);
    };
  },

  idOf(worker: WorkerThread): number {
    return (worker as Worker).threadId;
  },

  onceEnded(worker: WorkerThread, onEnd: () => void): void {
    (worker as Worker).once('exit', onEnd);
  },

  onceFailed(worker: WorkerThread, onFailure: (reason: string) => void): () => void {
    const onExit = (code: number): void => onFailure(`exit code ${code}`);
    (worker as Worker).once('exit', onExit);
    return () => {
      (worker as Worker).off('exit', onExit);
    };
  },
};
