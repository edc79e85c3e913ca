/**
 * Accepts two links. A message on the first is answered there, and before that something is said on the second one too:
 * all of it within the handler, which is held until the gate opens.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { acceptParent, type WorkerLink } from 'flysocket/shm-transport';

const LONGEST_HOLD_MS = 5_000;
const gate = new Int32Array(workerData as SharedArrayBuffer);

function say(link: WorkerLink): void {
  const index = link.tryClaim(1, 0);
  if (index < 0) return;
  link.commit(index);
  link.flush();
}

const [first, second] = await Promise.all([acceptParent(), acceptParent()]);
first.link.receive({
  onFrame() {
    Atomics.store(gate, 0, 1);
    Atomics.wait(gate, 0, 1, LONGEST_HOLD_MS);
    say(second.link);
    say(first.link);
  },
  onWritable() {},
  onClosed() {},
});
parentPort?.postMessage('ready');
