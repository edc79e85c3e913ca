import { bytesInUse, collectGarbage } from './allocatedBytes.ts';
import type { Contender } from './Contender.ts';
import { median } from './median.ts';

const WINDOWS = 9;
const SMALL_WINDOW_OPERATIONS = 1;
const PROBE_OPERATIONS = 64;
const LEAST_WINDOW_OPERATIONS = 8;
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
  const small = await medianWindow(contender, SMALL_WINDOW_OPERATIONS);
  const probe = await medianWindow(contender, PROBE_OPERATIONS);
  const fitting = (BYTES_PER_WINDOW * PROBE_OPERATIONS) / Math.max(probe.bytes - small.bytes, 1);
  const inTime = (WINDOW_MS * PROBE_OPERATIONS) / probe.milliseconds;
  const most = Math.floor(Math.min(fitting, inTime, LARGEST_WINDOW_OPERATIONS));
  const operations = Math.max(most, LEAST_WINDOW_OPERATIONS);
  const { bytes } = await medianWindow(contender, operations);
  const each = (bytes - small.bytes) / (operations - SMALL_WINDOW_OPERATIONS);
  return Math.max(0, Math.round(each / RESOLUTION_BYTES)) * RESOLUTION_BYTES;
}

async function medianWindow(contender: Contender, operations: number): Promise<Window> {
  const bytes: number[] = [];
  const milliseconds: number[] = [];
  for (let window = 0; window < WINDOWS; window++) {
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
