import { BlockKind, processCounters } from '../counters/index.ts';
import type { BufferPool } from '../pool/index.ts';
import { poolOfThisThread } from '../transport/index.ts';
import { CountedPool } from './CountedPool.ts';
import { DrainLoop } from './DrainLoop.ts';

let isCounted = false;

/** This thread's pool for connections, whose counters other threads can read: as new as the drain loop's last pass. */
export function countedPoolOfThisThread(): BufferPool {
  const pool = poolOfThisThread();
  if (!isCounted) {
    isCounted = true;
    const counters = processCounters().allocate(BlockKind.POOL, 'connections');
    DrainLoop.ofThisThread().addCopy(new CountedPool(pool, counters));
  }
  return pool;
}
