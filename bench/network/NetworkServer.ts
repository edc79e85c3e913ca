import { ChildProgram } from '../harness/processes/ChildProgram.ts';

/** What a server program says of itself when asked. */
export interface ServerState {
  readonly rssBytes: number;
  readonly openStreams: number;
}

/** A server in a process of its own: `node serverProgram.js KIND`, which listens on a free port of 127.0.0.1. */
export class NetworkServer {
  readonly #program: ChildProgram;

  private constructor(program: ChildProgram) {
    this.#program = program;
  }

  static async start(kind: string): Promise<NetworkServer> {
    const program = new URL('./serverProgram.js', import.meta.url);
    return new NetworkServer(await ChildProgram.start(program, { args: [kind] }));
  }

  get port(): number {
    return this.#program.greeting as number;
  }

  /** Collects the server's garbage and asks how it is. */
  async state(): Promise<ServerState> {
    return (await this.#program.ask('state')) as ServerState;
  }

  stop(): Promise<void> {
    return this.#program.stop();
  }
}
