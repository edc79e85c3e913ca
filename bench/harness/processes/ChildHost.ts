import type { Allocation } from '../allocation/Allocation.ts';
import type { AllocationEffort } from '../allocation/bytesPerOperation.ts';
import type { Load } from '../LoadGroup.ts';
import type { Measured } from '../Measured.ts';
import { ChildProgram } from './ChildProgram.ts';
import type { GroupContents, Host, RoundResult, Trial } from './Host.ts';
import { HOST_ARGUMENT, type HostCall } from './hostGroup.ts';

/** Whoever calls a host has his own limit for it, and stops it then. */
const NO_TIMEOUT_MS = 2 ** 31 - 1;

/** The contenders of one group in a process of their own: the same bench program, started to host it. */
export class ChildHost implements Host {
  readonly #child: ChildProgram;

  private constructor(child: ChildProgram) {
    this.#child = child;
  }

  static async start(program: string | URL, group: string, nodeFlags: readonly string[]): Promise<ChildHost> {
    return new ChildHost(await ChildProgram.start(program, { args: [HOST_ARGUMENT, group], nodeFlags }));
  }

  contents(): Promise<GroupContents> {
    return this.#call('contents');
  }

  open(contender: number): Promise<void> {
    return this.#call('open', contender);
  }

  verify(contender: number): Promise<void> {
    return this.#call('verify', contender);
  }

  round(contender: number, milliseconds: number, mostOperations?: number): Promise<RoundResult> {
    return this.#call('round', contender, milliseconds, mostOperations);
  }

  trial(contender: number, mostOperations: number): Promise<Trial> {
    return this.#call('trial', contender, mostOperations);
  }

  allocation(contender: number, effort: AllocationEffort): Promise<Allocation | undefined> {
    return this.#call('allocation', contender, effort);
  }

  operate(contender: number, operations: number): Promise<number> {
    return this.#call('operate', contender, operations);
  }

  load(contender: number, load: Load, milliseconds: number): Promise<RoundResult> {
    return this.#call('load', contender, load, milliseconds);
  }

  measure(isQuick: boolean): Promise<Measured> {
    return this.#call('measure', isQuick);
  }

  close(contender: number): Promise<void> {
    return this.#call('close', contender);
  }

  stop(): Promise<void> {
    return this.#child.stop();
  }

  async #call<T>(method: HostCall['method'], ...args: unknown[]): Promise<T> {
    return (await this.#child.ask({ method, args } satisfies HostCall, NO_TIMEOUT_MS)) as T;
  }
}
