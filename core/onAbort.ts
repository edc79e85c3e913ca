/** Calls `action` once when `signal`, not aborted yet, aborts. @returns a function that stops listening */
export function onAbort(signal: AbortSignal, action: () => void): () => void {
  signal.addEventListener('abort', action, { once: true });
  return () => signal.removeEventListener('abort', action);
}
