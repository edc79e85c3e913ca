import type { Contender } from '../Contender.ts';
import { median } from '../statistics/median.ts';
import { collectGarbage } from './collectGarbage.ts';

/** What one operation allocates, in bytes, in all the threads that take part. */
export interface Allocation {
  readonly heapBytes: number;
  /** Memory of ArrayBuffers, which lies beside the heap. */
  readonly arrayBufferBytes: number;
}

/** How much is done to find out what an operation allocates. */
export interface AllocationEffort {
  /** Windows of which the median counts. */
  readonly windows: number;
  /** The longest window, in milliseconds. */
  readonly windowMs: number;
  /** Windows for contenders with `steadyOperations`, which are long. */
  readonly steadyWindows: number;
  /** The longest of those, in milliseconds: where operations take long there are fewer. */
  readonly steadyWindowMs: number;
}

const SMALL_WINDOW_OPERATIONS = 1;
const FIRST_WINDOW_OPERATIONS = 64;
/** Where an operation takes long. */
const LEAST_WINDOW_OPERATIONS = 8;
/** To see how long operations take. */
const TRIAL_OPERATIONS = 2_000;
const LARGEST_WINDOW_OPERATIONS = 1 << 16;
/** A window stays small enough for no collection to fall into it: V8's young generation starts at 1 MiB. */
const BYTES_PER_WINDOW = 384 * 1024;
/** What the engine itself allocates now and then, spread over the largest window, is less than this. */
const RESOLUTION_BYTES = 0.1;

/** What happened between two collections. */
interface Window extends Allocation {
  readonly milliseconds: number;
}

/**
 * Bytes that one more operation allocates in all the threads that take part, by the growth of their heaps and
 * ArrayBuffers between two collections: what many operations allocate less what one does, in tenths of a byte.
 */
export async function bytesPerOperation(contender: Contender, effort: AllocationEffort): Promise<Allocation> {
  const { steadyOperations } = contender;
  if (steadyOperations !== undefined) return steadyBytesPerOperation(contender, steadyOperations, effort);
  const { windows, windowMs } = effort;
  const small = await medianWindow(contender, SMALL_WINDOW_OPERATIONS, windows);
  const fit = Math.floor(windowMs / small.milliseconds);
  let operations = Math.max(LEAST_WINDOW_OPERATIONS, Math.min(FIRST_WINDOW_OPERATIONS, fit));
  for (;;) {
    const many = await medianWindow(contender, operations, windows);
    const each = growth(small, many, operations - SMALL_WINDOW_OPERATIONS, RESOLUTION_BYTES);
    // A larger window says more, as long as it fits: a few operations can look dear that are not.
    const bytes = Math.max(RESOLUTION_BYTES, each.heapBytes + each.arrayBufferBytes);
    // What a window itself takes, such as waking the other thread, is in the small one too.
    const milliseconds = Math.max(0, many.milliseconds - small.milliseconds) / (operations - SMALL_WINDOW_OPERATIONS);
    const fitting = Math.min(BYTES_PER_WINDOW / bytes, windowMs / milliseconds);
    const next = Math.floor(Math.min(fitting, LARGEST_WINDOW_OPERATIONS));
    if (next < operations * 2) return each;
    operations = next;
  }
}

/** What the second half of many operations allocates, in whole bytes for each of them. */
async function steadyBytesPerOperation(
  contender: Contender,
  steadyOperations: number,
  { steadyWindows, steadyWindowMs }: AllocationEffort,
): Promise<Allocation> {
  const trial = await medianWindow(contender, TRIAL_OPERATIONS, 1);
  const fitting = Math.max(TRIAL_OPERATIONS, Math.floor((TRIAL_OPERATIONS * steadyWindowMs) / trial.milliseconds));
  const operations = Math.min(steadyOperations, fitting);
  const half = operations >>> 1;
  const first = await medianWindow(contender, half, steadyWindows);
  const both = await medianWindow(contender, operations, steadyWindows);
  return growth(first, both, operations - half, 1);
}

/** What is in `more` above `less` for each of `operations`, as a multiple of `unit` bytes. */
function growth(less: Allocation, more: Allocation, operations: number, unit: number): Allocation {
  const each = (bytes: number): number => Math.round(Math.max(0, bytes) / operations / unit) * unit;
  return {
    heapBytes: each(more.heapBytes - less.heapBytes),
    arrayBufferBytes: each(more.arrayBufferBytes - less.arrayBufferBytes),
  };
}

async function medianWindow(contender: Contender, operations: number, windows: number): Promise<Window> {
  const heapBytes: number[] = [];
  const arrayBufferBytes: number[] = [];
  const milliseconds: number[] = [];
  for (let window = 0; window < windows; window++) {
    collectGarbage();
    const before = process.memoryUsage();
    const start = performance.now();
    let peer: Allocation | number = 0;
    if (contender.runMeasuringPeer !== undefined) {
      const measuring = contender.runMeasuringPeer(operations);
      peer = measuring instanceof Promise ? await measuring : measuring;
    } else {
      const running = contender.run(operations);
      if (contender.isAsync) await running;
    }
    milliseconds.push(performance.now() - start);
    const after = process.memoryUsage();
    const peerHeap = typeof peer === 'number' ? peer : peer.heapBytes;
    const peerArrayBuffers = typeof peer === 'number' ? 0 : peer.arrayBufferBytes;
    heapBytes.push(after.heapUsed - before.heapUsed + peerHeap);
    arrayBufferBytes.push(after.arrayBuffers - before.arrayBuffers + peerArrayBuffers);
  }
  return {
    heapBytes: median(heapBytes),
    arrayBufferBytes: median(arrayBufferBytes),
    milliseconds: median(milliseconds),
  };
}
