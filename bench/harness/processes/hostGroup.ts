import type { AnyGroup } from '../AnyGroup.ts';
import { answerParent } from './ChildProgram.ts';
import { ContenderHost } from './ContenderHost.ts';
import type { Host } from './Host.ts';

/** Argument of a bench program that is to host a group, whose name follows. */
export const HOST_ARGUMENT = '--host-group';

/** How a method of a host is called from another process. */
export interface HostCall {
  readonly method: Exclude<keyof Host, 'stop'>;
  readonly args: readonly unknown[];
}

/**
 * Makes this process the host of a group, until the bench program that started it is gone or has had enough. It is all
 * that a program named by a group's `hostProgram` does.
 */
export function hostGroup(group: AnyGroup): Promise<never> {
  const host = new ContenderHost(group);
  answerParent(undefined, (question) => {
    const { method, args } = question as HostCall;
    return (host[method] as (...args: never[]) => Promise<unknown>).apply(host, args as never[]);
  });
  return new Promise<never>(() => {});
}
