/** The region in which this thread counts unless told otherwise: one for the process once its workers adopt it. */
import { CountersRegion } from './CountersRegion.ts';

let region: CountersRegion | undefined;

/** This thread's region; made at the first call if none was adopted. */
export function processCounters(): CountersRegion {
  region ??= CountersRegion.create();
  return region;
}

/**
 * From now on this thread allocates its blocks in `memory`, which another thread of the process made. Blocks that it
 * has allocated already stay where they are and go on counting.
 * @param ownerId the number of this thread, so that its blocks can be freed should it die
 * @throws RSocketError ERR_FLYSOCKET_COUNTERS_LAYOUT
 */
export function adoptProcessCounters(memory: ArrayBufferLike, ownerId = 0): CountersRegion {
  if (region?.memory !== memory || region.ownerId !== ownerId) region = CountersRegion.attach(memory, ownerId);
  return region;
}
