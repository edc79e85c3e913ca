import { bytesInUse, collectGarbage } from './allocatedBytes.ts';
import type { Contender } from './Contender.ts';
import { median } from './median.ts';

const WINDOWS = 9;
const SMALL_WINDOW_OPERATIONS = 1;
const PROBE_OPERATIONS = 64;
const LARGEST_WINDOW_OPERATIONS = 1 << 16;
/** A window stays small enough for no collection to fall into it: V8's young generation starts at 1 MiB. */
const BYTES_PER_WINDOW = 384 * 1024;
/** What the engine itself allocates now and then, spread over the largest window, is less than this. */
const RESOLUTION_BYTES = 0.1;

/**
 * Bytes that one more operation allocates in all the threads that take part, by the growth of their heaps and
 * ArrayBuffers between two collections: what many operations allocate less what one does, in tenths of a byte.
 */
export async function bytesPerOperation(contender: Contender): Promise<number> {
  const small = await windows(contender, SMALL_WINDOW_OPERATIONS);
  const probe = (await windows(contender, PROBE_OPERATIONS)) - small;
  const fitting = Math.floor((BYTES_PER_WINDOW * PROBE_OPERATIONS) / Math.max(probe, 1));
  const operations = Math.min(LARGEST_WINDOW_OPERATIONS, Math.max(PROBE_OPERATIONS / 8, fitting));
  const bytes = ((await windows(contender, operations)) - small) / (operations - SMALL_WINDOW_OPERATIONS);
  return Math.max(0, Math.round(bytes / RESOLUTION_BYTES)) * RESOLUTION_BYTES;
}

/** @returns the median growth of several windows, in bytes */
async function windows(contender: Contender, operations: number): Promise<number> {
  const growth: number[] = [];
  for (let window = 0; window < WINDOWS; window++) {
    collectGarbage();
    const before = bytesInUse();
    let peerBytes = 0;
    if (contender.runMeasuringPeer !== undefined) {
      const measuring = contender.runMeasuringPeer(operations);
      peerBytes = typeof measuring === 'number' ? measuring : await measuring;
    } else {
      const running = contender.run(operations);
      if (contender.isAsync) await running;
    }
    growth.push(bytesInUse() - before + peerBytes);
  }
  return median(growth);
}
