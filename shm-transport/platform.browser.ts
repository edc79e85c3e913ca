import type { LinkPort, PortListener, ThreadPlatform, WorkerThread } from './ThreadPlatform.ts';
import { TurnQueue } from './TurnQueue.ts';
import { WebLife } from './WebLife.ts';

/** An EventTarget whose events carry a message. */
interface Target {
  addEventListener(type: string, listener: (event: { readonly data: unknown }) => void): void;
  removeEventListener(type: string, listener: (event: { readonly data: unknown }) => void): void;
}

interface WebThread extends Target {
  readonly crossOriginIsolated?: boolean;
  readonly DedicatedWorkerGlobalScope?: unknown;
}

/** What came from the parent before anybody listened: at most so many messages, and only those meant for links. */
const MAX_EARLY_MESSAGES = 64;

/**
 * Turns without work before the thread parks. They take 15 us here: a lone request over a ring takes 31 us and, where
 * other threads want the processors too, 150 us; with 50 turns it is 54 us and 640 us (measured).
 */
const IDLE_TURNS_BEFORE_PARK_IN_BROWSERS = 5;

const thread = globalThis as unknown as WebThread;
const isWorker = thread.DedicatedWorkerGlobalScope !== undefined;
const turns = new TurnQueue();
const life = new WebLife();
const workerIds = new WeakMap<WorkerThread, number>();
const parentListeners: PortListener[] = [];
const early: unknown[] = [];
let workers = 0;

/** A worker drops what comes while nobody listens, so somebody does from the start. */
if (isWorker) thread.addEventListener('message', ({ data }) => onParentMessage(data));

function onParentMessage(message: unknown): void {
  if (parentListeners.length > 0) {
    for (const listener of [...parentListeners]) listener(message);
  } else if (isForLinks(message) && early.length < MAX_EARLY_MESSAGES) {
    early.push(message);
  }
}

function isForLinks(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'flysocket' in message;
}

function onEvents(target: Target, listeners: Readonly<Record<string, (event: { data: unknown }) => void>>): () => void {
  for (const [type, listener] of Object.entries(listeners)) target.addEventListener(type, listener);
  return () => {
    for (const [type, listener] of Object.entries(listeners)) target.removeEventListener(type, listener);
  };
}

/** What a browser gives a page or a dedicated worker. */
export const platform: ThreadPlatform = {
  /** Threads of a page have no numbers: this one is unlikely to be another's. */
  threadId: isWorker ? 1 + Math.floor(Math.random() * 0x7fff_fffe) : 0,
  canShareMemory: typeof SharedArrayBuffer !== 'undefined' && thread.crossOriginIsolated !== false,
  canBlock: isWorker,
  idleTurnsBeforePark: IDLE_TURNS_BEFORE_PARK_IN_BROWSERS,

  nextTurn(task: () => void): void {
    turns.add(task);
  },

  unref(): void {},

  ref(): void {},

  /** A worker may be terminated at any time; a page takes its workers with it. */
  ownLife(): Promise<string> | undefined {
    return isWorker ? life.own() : undefined;
  },

  listen(port: LinkPort, onMessage: PortListener, onClose: () => void, peerLife?: string): () => void {
    const stopWatching = peerLife === undefined ? undefined : life.watch(peerLife, onClose);
    const stop = onEvents(port as unknown as Target, {
      message: ({ data }) => onMessage(data),
      // Few browsers tell.
      close: () => onClose(),
    });
    (port as unknown as { start(): void }).start();
    return () => {
      stop();
      stopWatching?.();
    };
  },

  listenToParent(onMessage: PortListener): (() => void) | undefined {
    if (!isWorker) return undefined;
    parentListeners.push(onMessage);
    // Later, as every message comes.
    for (const message of early.splice(0)) queueMicrotask(() => onParentMessage(message));
    return () => {
      parentListeners.splice(parentListeners.indexOf(onMessage), 1);
    };
  },

  idOf(worker: WorkerThread): number {
    let id = workerIds.get(worker);
    if (id === undefined) {
      id = ++workers;
      workerIds.set(worker, id);
    }
    return id;
  },

  onceEnded(): void {},

  onceFailed(worker: WorkerThread, onFailure: (reason: string) => void): () => void {
    const onError = (event: { readonly message?: string; preventDefault(): void }): void => {
      // Whoever waits for the worker is told: it is no uncaught error of the page.
      event.preventDefault();
      onFailure(event.message ?? 'its script was not loaded');
    };
    return onEvents(worker as unknown as Target, { error: onError as unknown as () => void });
  },
};
