import { bytesInUse, collectGarbage } from './allocatedBytes.ts';
import type { Contender } from './Contender.ts';
import { median } from './median.ts';

const WINDOWS = 9;
const STEADY_WINDOWS = 5;
const SMALL_WINDOW_OPERATIONS = 1;
const FIRST_WINDOW_OPERATIONS = 64;
const LARGEST_WINDOW_OPERATIONS = 1 << 16;
/** A window stays small enough for no collection to fall into it: V8's young generation starts at 1 MiB. */
const BYTES_PER_WINDOW = 384 * 1024;
const WINDOW_MS = 200;
/** What the engine itself allocates now and then, spread over the largest window, is less than this. */
const RESOLUTION_BYTES = 0.1;

/** What happened between two collections. */
interface Window {
  readonly bytes: number;
  readonly milliseconds: number;
}

/**
 * Bytes that one more operation allocates in all the threads that take part, by the growth of their heaps and
 * ArrayBuffers between two collections: what many operations allocate less what one does, in tenths of a byte.
 */
export async function bytesPerOperation(contender: Contender): Promise<number> {
  const { steadyOperations } = contender;
  if (steadyOperations !== undefined) return steadyBytesPerOperation(contender, steadyOperations);
  const small = await medianWindow(contender, SMALL_WINDOW_OPERATIONS);
  let operations = FIRST_WINDOW_OPERATIONS;
  for (;;) {
    const { bytes, milliseconds } = await medianWindow(contender, operations);
    const each = Math.max(0, bytes - small.bytes) / (operations - SMALL_WINDOW_OPERATIONS);
    // A larger window says more, as long as it fits: a few operations can look dear that are not.
    const fitting = Math.min(BYTES_PER_WINDOW / each, (WINDOW_MS * operations) / milliseconds);
    const next = Math.floor(Math.min(fitting, LARGEST_WINDOW_OPERATIONS));
    if (next < operations * 2) return Math.round(each / RESOLUTION_BYTES) * RESOLUTION_BYTES;
    operations = next;
  }
}

/** What the second half of many operations allocates, in whole bytes for each of them. */
async function steadyBytesPerOperation(contender: Contender, operations: number): Promise<number> {
  const half = operations >>> 1;
  const first = await medianWindow(contender, half, STEADY_WINDOWS);
  const both = await medianWindow(contender, operations, STEADY_WINDOWS);
  return Math.max(0, Math.round((both.bytes - first.bytes) / (operations - half)));
}

async function medianWindow(contender: Contender, operations: number, windows = WINDOWS): Promise<Window> {
  const bytes: number[] = [];
  const milliseconds: number[] = [];
  for (let window = 0; window < windows; window++) {
    collectGarbage();
    const before = bytesInUse();
    const start = performance.now();
    let peerBytes = 0;
    if (contender.runMeasuringPeer !== undefined) {
      const measuring = contender.runMeasuringPeer(operations);
      peerBytes = typeof measuring === 'number' ? measuring : await measuring;
    } else {
      const running = contender.run(operations);
      if (contender.isAsync) await running;
    }
    milliseconds.push(performance.now() - start);
    bytes.push(bytesInUse() - before + peerBytes);
  }
  return { bytes: median(bytes), milliseconds: median(milliseconds) };
}
