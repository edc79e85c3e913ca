import { RSocketError } from '../../flyweight/index.ts';
import type { CalledFunction, FunctionSource } from './FunctionSource.ts';
import type { TaskContext } from './TaskContext.ts';

/** A function of the parent that its workers may call. @param context of this call */
export type ParentHandler = (value: unknown, context: Pick<TaskContext, 'name' | 'signal'>) => unknown;

/** By the names under which workers call them. */
export type ParentHandlers = Readonly<Record<string, ParentHandler>>;

/** The functions of the parent. */
export class HandlerFunctions implements FunctionSource {
  readonly passesContext = true;
  readonly #handlers: ParentHandlers;

  constructor(handlers: ParentHandlers) {
    this.#handlers = handlers;
  }

  find(_filename: string, name: string): CalledFunction {
    const handler = Object.hasOwn(this.#handlers, name) ? this.#handlers[name] : undefined;
    if (typeof handler === 'function') return handler as CalledFunction;
    throw new RSocketError('ERR_FLYSOCKET_NO_HANDLER', `the pool has no handler "${name}"`);
  }
}
