/** What can abort a call: an AbortSignal, or whatever tells of `abort` as one does. */
export interface AbortSignalEventTarget {
  addEventListener(name: 'abort', listener: () => void, options?: { once: boolean }): void;
  removeEventListener(name: 'abort', listener: () => void): void;
  readonly aborted?: boolean;
  readonly reason?: unknown;
}

/** An EventEmitter that emits `abort`. */
interface AbortSignalEventEmitter {
  off(name: 'abort', listener: () => void): unknown;
  once(name: 'abort', listener: () => void): unknown;
}

/** Either of them. */
export type AbortSignalAny = AbortSignalEventTarget | AbortSignalEventEmitter;

/** Calls `action` when `signal` aborts. @returns a function that stops listening */
export function listenToAbortSignalAny(signal: AbortSignalAny, action: () => void): () => void {
  if ('addEventListener' in signal) {
    signal.addEventListener('abort', action, { once: true });
    return () => signal.removeEventListener('abort', action);
  }
  signal.once('abort', action);
  return () => signal.off('abort', action);
}
