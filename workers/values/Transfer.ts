import type { Transferable } from 'node:worker_threads';

/** What goes to the other thread with a value and is gone here afterwards; undefined for nothing. */
export type Transfer = readonly Transferable[] | undefined;
