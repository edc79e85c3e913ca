import type { Contender } from '../Contender.ts';
import { median } from '../statistics/median.ts';
import type { Allocation } from './Allocation.ts';
import { collectGarbage, collectYoungGarbage } from './collectGarbage.ts';

/** How much is done to find out what an operation allocates. */
export interface AllocationEffort {
  readonly windows: number;
  /**
   * Which of the windows counts: their median or, where they are few, the least of them, since the engine's own work
   * (200 kB now and then, while code is young) only ever adds.
   */
  readonly counts: 'median' | 'least';
  /** The longest window, in milliseconds. */
  readonly windowMs: number;
  /** How long an operation takes, in milliseconds, if that is known. */
  readonly operationMs?: number;
  /** Windows for contenders with `steadyOperations`, which are long. None: nothing is told of those. */
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
const ENGINE_BYTES: number = RESOLUTION_BYTES * LARGEST_WINDOW_OPERATIONS;
/** An operation that allocates at all allocates as much. */
const SMALLEST_OBJECT_BYTES = 16;

/** What happened between two collections. */
interface Window extends Allocation {
  readonly milliseconds: number;
}

/**
 * Bytes that one more operation allocates in all the threads that take part, by the growth of their heaps and
 * ArrayBuffers between two collections: what many operations allocate less what one does, in tenths of a byte.
 * @returns undefined where as many operations as fit into a window tell nothing; not where medians count
 */
export async function bytesPerOperation(
  contender: Contender,
  effort: AllocationEffort,
): Promise<Allocation | undefined> {
  const { steadyOperations } = contender;
  if (steadyOperations !== undefined) return steadyBytesPerOperation(contender, steadyOperations, effort);
  const { windows, windowMs, counts, operationMs } = effort;
  const window = (operations: number): Promise<Window> => measureWindow(contender, operations, windows, counts);
  collectGarbage();
  const small = await window(SMALL_WINDOW_OPERATIONS);
  const fit = Math.floor(windowMs / (operationMs ?? small.milliseconds));
  let operations = Math.max(LEAST_WINDOW_OPERATIONS, Math.min(FIRST_WINDOW_OPERATIONS, fit));
  let many = await window(operations);
  let isRepeated = false;
  for (;;) {
    const each = growth(small, many, operations - SMALL_WINDOW_OPERATIONS, RESOLUTION_BYTES);
    // A larger window says more, as long as it fits: a few operations can look dear that are not.
    const bytes = Math.max(RESOLUTION_BYTES, each.heapBytes + each.arrayBufferBytes);
    // What a window itself takes, such as waking the other thread, is in the small one too.
    const moreMs = Math.max(0, many.milliseconds - small.milliseconds) / (operations - SMALL_WINDOW_OPERATIONS);
    const milliseconds = Math.max(moreMs, (operationMs ?? 0) / 2);
    const fitting = Math.min(BYTES_PER_WINDOW / bytes, windowMs / milliseconds);
    const next = Math.floor(Math.min(fitting, LARGEST_WINDOW_OPERATIONS));
    if (next >= operations * 2) {
      operations = next;
      many = await window(operations);
    } else if (counts === 'median') {
      return each;
    } else if (operations < FIRST_WINDOW_OPERATIONS && !isRepeated) {
      isRepeated = true;
      many = lesser(many, await window(operations));
    } else {
      return told(each, operations);
    }
  }
}

/** So many operations that allocate less than the engine does: nothing, if an object for each of them would show. */
function told(each: Allocation, operations: number): Allocation | undefined {
  if ((each.heapBytes + each.arrayBufferBytes) * operations > ENGINE_BYTES) return each;
  return operations * SMALLEST_OBJECT_BYTES > ENGINE_BYTES ? { heapBytes: 0, arrayBufferBytes: 0 } : undefined;
}

/** What the second half of many operations allocates, in whole bytes for each of them. */
async function steadyBytesPerOperation(
  contender: Contender,
  steadyOperations: number,
  { steadyWindows, steadyWindowMs, counts, operationMs }: AllocationEffort,
): Promise<Allocation | undefined> {
  if (steadyWindows === 0) return undefined;
  collectGarbage();
  const trial = await measureWindow(contender, TRIAL_OPERATIONS, 1, counts);
  const isRough = counts === 'least';
  const eachMs = isRough && operationMs !== undefined ? operationMs : trial.milliseconds / TRIAL_OPERATIONS;
  const fitting = Math.max(TRIAL_OPERATIONS, Math.floor(steadyWindowMs / eachMs));
  if (isRough && fitting < steadyOperations) return undefined;
  const operations = Math.min(steadyOperations, fitting);
  const half = operations >>> 1;
  const first = await measureWindow(contender, half, steadyWindows, counts);
  const both = await measureWindow(contender, operations, steadyWindows, counts);
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

function lesser(a: Window, b: Window): Window {
  return {
    heapBytes: Math.min(a.heapBytes, b.heapBytes),
    arrayBufferBytes: Math.min(a.arrayBufferBytes, b.arrayBufferBytes),
    milliseconds: Math.min(a.milliseconds, b.milliseconds),
  };
}

async function measureWindow(
  contender: Contender,
  operations: number,
  windows: number,
  counts: AllocationEffort['counts'],
): Promise<Window> {
  const done: Window[] = [];
  for (let window = 0; window < windows; window++) {
    // Where the median counts, nothing that is old may be collected meanwhile either.
    if (counts === 'median') collectGarbage();
    else collectYoungGarbage();
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
    const milliseconds = performance.now() - start;
    const after = process.memoryUsage();
    const peerHeap = typeof peer === 'number' ? peer : peer.heapBytes;
    const peerArrayBuffers = typeof peer === 'number' ? 0 : peer.arrayBufferBytes;
    done.push({
      heapBytes: after.heapUsed - before.heapUsed + peerHeap,
      arrayBufferBytes: after.arrayBuffers - before.arrayBuffers + peerArrayBuffers,
      milliseconds,
    });
  }
  if (counts === 'least') return done.reduce(lesser);
  return {
    heapBytes: median(done.map(({ heapBytes }) => heapBytes)),
    arrayBufferBytes: median(done.map(({ arrayBufferBytes }) => arrayBufferBytes)),
    milliseconds: median(done.map(({ milliseconds }) => milliseconds)),
  };
}
