import type { LeaseGrant } from 'flysocket/core';
import type { LoadRequest } from '../harness/load/LoadResult.ts';
import { REFUSED } from '../harness/load/LoadResult.ts';
import { ChildProgram } from '../harness/processes/ChildProgram.ts';
import type { Caller, OpenCaller } from './callers.ts';

const VERIFY_TIMEOUT_MS = 15_000;
const AFTER_A_REFUSAL_MS = 5;

const program = new URL('./serviceProgram.js', import.meta.url);

/** A service in a process of its own, and who calls it from this one. */
export class RunningService {
  readonly #server: ChildProgram;
  readonly #caller: Caller;

  private constructor(server: ChildProgram, caller: Caller) {
    this.#server = server;
    this.#caller = caller;
  }

  static async start(kind: string, grant: LeaseGrant, call: OpenCaller): Promise<RunningService> {
    const args = [kind, String(grant.requests), String(grant.ttlMs)];
    const server = await ChildProgram.start(program, { args });
    try {
      return new RunningService(server, await call(server.greeting as number));
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  get request(): LoadRequest {
    return this.#caller.request;
  }

  /** Asks until that many were answered, again where it was refused. @throws Error if one is wrong or none comes */
  async verify(requests: number): Promise<void> {
    const deadline = performance.now() + VERIFY_TIMEOUT_MS;
    for (let sequence = 0; sequence < requests; ) {
      if ((await this.request(sequence)) !== REFUSED) sequence++;
      else await new Promise((resolve) => setTimeout(resolve, AFTER_A_REFUSAL_MS));
      if (performance.now() > deadline) throw new Error(`${sequence} answers within ${VERIFY_TIMEOUT_MS} ms`);
    }
  }

  /** The most that the server has taken up since the last call, in bytes of RSS. */
  async peakRssBytes(): Promise<number> {
    return (await this.#server.ask(undefined)) as number;
  }

  async close(): Promise<void> {
    await this.#caller.close();
    await this.#server.stop();
  }
}
