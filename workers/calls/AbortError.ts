import { RSocketError } from '../../flyweight/index.ts';

/** What a call fails with that was aborted, as piscina's does; `cause` is the signal's reason. */
export class AbortError extends RSocketError {
  constructor(reason: unknown) {
    super('ERR_FLYSOCKET_TASK_ABORTED', 'The task has been aborted', undefined, { cause: reason });
    this.name = 'AbortError';
  }
}
