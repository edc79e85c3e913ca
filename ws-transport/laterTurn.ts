/**
 * Runs a task in a later turn of the event loop, soon: a timer of 0 ms would wait for 4 ms in browsers.
 */
export function laterTurn(task: () => void): void {
  if (typeof setImmediate === 'function') {
    setImmediate(task);
    return;
  }
  const { port1, port2 } = new MessageChannel();
  (port1 as { onmessage?: () => void }).onmessage = () => {
    port1.close();
    task();
  };
  port2.postMessage(0);
}
