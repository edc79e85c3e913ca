/**
 * What the runtime gives a thread: turns of the event loop, ports, and the threads around it. There are two of them,
 * `platform.ts` for Node and `platform.browser.ts`, which the browser build puts in its place.
 */

/** A port of a MessageChannel, in any runtime. */
export interface LinkPort {
  /** @param transfer what lies in `message` and goes with it */
  postMessage(message: unknown, transfer?: readonly object[]): void;
  close(): void;
}

/** A thread that this one has started: a Worker of Node or of a browser. */
export interface WorkerThread {
  /** @param transfer what lies in `message` and goes with it */
  postMessage(message: unknown, transfer?: readonly object[]): void;
}

/** Called with what a port brought. */
export type PortListener = (message: unknown) => void;

export interface ThreadPlatform {
  /** Number of this thread in its process; 0 for the first. */
  readonly threadId: number;
  /** Memory can be shared with other threads: not in a page that isn't cross-origin isolated. */
  readonly canShareMemory: boolean;
  /** This thread may sleep in Atomics.wait: not the main thread of a page. */
  readonly canBlock: boolean;
  /** Turns of the event loop without work before a `DrainLoop` parks its thread. */
  readonly idleTurnsBeforePark: number;
  /** Runs `task` in a turn of its own, after what is ready now, and without the delay that timers have. */
  nextTurn(task: () => void): void;
  /** From now on the thread may end though this timer or port is at work, where that is a question. */
  unref(handle: object): void;
  /** Takes `unref` back. */
  ref(handle: object): void;
  /**
   * A name by which other threads can learn that this one has ended, where ports do not tell: to be handed to `listen`
   * there. Undefined where ports tell, and in a thread that outlives all others.
   */
  ownLife(): Promise<string> | undefined;
  /**
   * Listens to a port and keeps the thread alive.
   * @param onClose the other end has closed or its thread has ended; may be called more than once
   * @param peerLife `ownLife` of the thread at the other end
   * @returns stops listening
   */
  listen(port: LinkPort, onMessage: PortListener, onClose: () => void, peerLife?: string): () => void;
  /** Listens to what the thread that started this one sends. @returns stops listening; undefined if there is none */
  listenToParent(onMessage: PortListener): (() => void) | undefined;
  /** Number by which a worker is called where it has no other name; less than 0 if it is known to have ended. */
  idOf(worker: WorkerThread): number;
  /** Tells of a worker's end. No browser does. */
  onceEnded(worker: WorkerThread, onEnd: () => void): void;
  /**
   * Tells that a worker has ended or, in a browser, that it has an error of which nobody took notice.
   * @returns stops listening
   */
  onceFailed(worker: WorkerThread, onFailure: (reason: string) => void): () => void;
}
