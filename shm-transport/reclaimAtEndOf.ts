import { processCounters } from '../counters/index.ts';
import type { LinkBlocks } from './LinkBlocks.ts';
import { platform } from './platform.ts';
import type { WorkerThread } from './ThreadPlatform.ts';
import type { WorkerLink } from './WorkerLink.ts';

/** Memory that each worker may have of this thread's, over all links to it. */
const owedBy = new WeakMap<WorkerThread, Set<LinkBlocks>>();

/**
 * When a worker's thread has ended, what it had is this thread's again: counters, and memory of frames by reference,
 * though the link may have been closed in good order before. One listener for all links to a worker.
 */
export function reclaimAtEndOf(worker: WorkerThread, link?: WorkerLink): void {
  const owed = owedBy.get(worker) ?? watch(worker);
  const blocks = link?.blocks;
  if (blocks === undefined) return;
  owed.add(blocks);
  link?.onClose.then(() => {
    if (!blocks.isOwed) owed.delete(blocks);
  });
}

function watch(worker: WorkerThread): Set<LinkBlocks> {
  const owed = new Set<LinkBlocks>();
  owedBy.set(worker, owed);
  const threadId = platform.idOf(worker);
  platform.onceEnded(worker, () => {
    // A thread that was stopped has not given back its counters.
    processCounters().freeOwnedBy(threadId);
    for (const blocks of owed) blocks.isPeerDead = true;
    owed.clear();
  });
  return owed;
}
