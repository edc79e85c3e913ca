import type { MessagePort } from 'node:worker_threads';
import type { LinkInvitation } from '../../shm-transport/index.ts';

/** What a thread is told when it is linked with its pool. */
export interface ThreadOrders {
  readonly invitation: LinkInvitation;
  /** Brings the values that frames cannot carry. */
  readonly values: MessagePort;
  /** The words of `StartedCalls`. */
  readonly started: SharedArrayBuffer;
  /** Absolute path of the file that is loaded before the thread counts as ready; null for none. */
  readonly filename: string | null;
  readonly name: string;
  /** URL of the module whose `serializer` the pool uses, if not the usual one. */
  readonly serializer: string | undefined;
}

/** What it answers. */
export interface ThreadReport {
  /** Why `filename` could not be loaded; undefined if it was. */
  readonly failure: unknown;
}
