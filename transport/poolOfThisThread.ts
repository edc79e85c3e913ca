import { type BufferPool, SlabPool } from '../pool/index.ts';

/**
 * Bytes that the connections of a thread may hold together: four times what any one of them may (`MAX_OUTBOUND_BYTES`
 * of the core, `DEFAULT_MAX_REASSEMBLY_BYTES`), so that a greedy peer leaves room for the others.
 */
export const THREAD_POOL_BYTES = 268_435_456;

let pool: BufferPool | undefined;

/** Memory for what waits and what is put together again, for all of this thread's connections that bring none. */
export function poolOfThisThread(): BufferPool {
  pool ??= new SlabPool({ label: 'connections', maxBytes: THREAD_POOL_BYTES });
  return pool;
}
