import type { PooledBuffer } from '../../pool/index.ts';
import { countedPoolOfThisThread, SharedBlocks } from '../../shm-transport/index.ts';

/**
 * Memory of this thread for a large value: such that goes by reference, as long as there is some.
 * @throws RSocketError ERR_FLYSOCKET_POOL_EXHAUSTED
 */
export function allocateShared(length: number): PooledBuffer {
  return SharedBlocks.ofThisThread().tryAllocate(length) ?? countedPoolOfThisThread().acquire(length);
}
