import { ChildProgram } from '../../harness/index.ts';
import type { ServiceName } from '../airline/AirlineServices.ts';
import { endIfLeft } from '../wire/Sidecar.ts';
import type { ServiceOrder, ServiceQuestion, ServiceStarted } from './serviceProgram.ts';

/** Of all ways at once, on a machine that does other things too. */
const TIMEOUT_MS = 40_000;

/** One service in a process of its own. */
export class ServiceProcess {
  readonly #name: string;
  readonly #program: ChildProgram;
  #sidecar: ServiceStarted['sidecar'];

  private constructor(name: string, program: ChildProgram) {
    this.#name = name;
    this.#program = program;
    process.once('exit', this.#endSidecar);
  }

  /** Starts the process, which does nothing yet. */
  static async start(service: ServiceName): Promise<ServiceProcess> {
    const name = `the ${service} service`;
    const options = { name, startTimeoutMs: TIMEOUT_MS };
    const program = await ChildProgram.start(new URL('./serviceProgram.js', import.meta.url), options);
    return new ServiceProcess(name, program);
  }

  /** Resolves when the process has ended, to how. */
  get ended(): Promise<string> {
    return this.#program.ended;
  }

  /** @returns the address at which it serves. @throws Error (as rejection) that names the service */
  async serve(order: ServiceOrder): Promise<string> {
    const { address, sidecar } = await this.#ask<ServiceStarted>({ about: 'start', order });
    this.#sidecar = sidecar;
    return address;
  }

  /** Its processor time so far, and that of its sidecar. */
  cpuMicros(): Promise<number> {
    return this.#ask<number>({ about: 'cpu' });
  }

  async stop(): Promise<void> {
    await this.#program.stop();
    this.#endSidecar();
    process.off('exit', this.#endSidecar);
  }

  /** The service has no time to: it is killed with this process at the latest. */
  readonly #endSidecar = (): void => {
    if (this.#sidecar !== undefined) endIfLeft(this.#sidecar);
  };

  async #ask<T>(question: ServiceQuestion): Promise<T> {
    try {
      return (await this.#program.ask(question, TIMEOUT_MS)) as T;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw message.includes(this.#name) ? error : new Error(`${this.#name}: ${message}`);
    }
  }
}
