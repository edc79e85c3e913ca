import { BlockKind, processCounters } from '../counters/index.ts';
import { BufferPool } from '../pool/index.ts';
import { CountedPool } from './CountedPool.ts';
import { DrainLoop } from './DrainLoop.ts';

const LABEL = 'links';

let pool: BufferPool | undefined;

/**
 * Memory for what waits and what is put together again, for all links of this thread that bring none of their own. Its
 * counters are as new as the drain loop's last pass.
 */
export function poolOfThisThread(): BufferPool {
  if (pool === undefined) {
    pool = new BufferPool({ label: LABEL });
    DrainLoop.ofThisThread().addCopy(new CountedPool(pool, processCounters().allocate(BlockKind.POOL, LABEL)));
  }
  return pool;
}
