import { RSocketError } from '../../flyweight/index.ts';
import type { TaskContext } from './TaskContext.ts';

/** Who makes the context of the call whose function runs now, if that asks for it. */
export interface TaskScope {
  readonly context: TaskContext;
}

let scope: TaskScope | undefined;

/**
 * The call whose function runs now: valid in the synchronous part of an exported function, up to its first `await`, and
 * in each part of a generator up to its first `await` after a `yield`. What it returns stays good for the whole call.
 * @throws RSocketError ERR_FLYSOCKET_NO_TASK elsewhere
 */
export function currentTask(): TaskContext {
  if (scope === undefined) {
    const message = 'no task runs here: call currentTask() in the synchronous part of the function that was called';
    throw new RSocketError('ERR_FLYSOCKET_NO_TASK', message);
  }
  return scope.context;
}

/** From now on `currentTask` is that of `next`. @returns what to restore afterwards */
export function enterTask(next: TaskScope | undefined): TaskScope | undefined {
  const before = scope;
  scope = next;
  return before;
}
