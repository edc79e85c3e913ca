import { ChildProgram } from '../harness/processes/ChildProgram.ts';
import { freePort } from '../network/servers.ts';
import type { ClientOrder, ClientRound } from './clientProgram.ts';
import type { EchoPair, EchoRound } from './EchoPair.ts';
import { NatsBroker } from './NatsBroker.ts';

export interface PairOptions {
  /** One of `clientKinds`. */
  readonly client: string;
  /** One of `serverKinds`; none where the client asks a thread of its own process. */
  readonly server?: string;
  /** Flags of node for both. */
  readonly nodeFlags?: readonly string[];
  /** Whether a nats-server stands between the two. */
  readonly hasBroker?: boolean;
}

const IN_FLIGHT_TO_VERIFY = 16;
const ASK_TIMEOUT_MS = 30_000;

const clientProgram = new URL('./clientProgram.js', import.meta.url);
const serverProgram = new URL('./serverProgram.js', import.meta.url);

/** Client and server, each in a process of its own that holds nothing else. */
export class ProcessPair implements EchoPair {
  #broker: NatsBroker | undefined;
  #server: ChildProgram | undefined;
  #client: ChildProgram | undefined;

  static async open(options: PairOptions): Promise<ProcessPair> {
    const pair = new ProcessPair();
    try {
      await pair.#open(options);
      return pair;
    } catch (error) {
      await pair.close();
      throw error;
    }
  }

  async #open({ client, server, nodeFlags = [], hasBroker = false }: PairOptions): Promise<void> {
    if (hasBroker) this.#broker = await NatsBroker.start();
    let port = this.#broker?.port ?? (server === undefined ? 0 : await freePort());
    if (server !== undefined) {
      this.#server = await ChildProgram.start(serverProgram, { args: [server, String(port)], nodeFlags });
      port = this.#server.greeting as number;
    }
    this.#client = await ChildProgram.start(clientProgram, { args: [client, String(port)], nodeFlags });
  }

  async verify(requests: number): Promise<void> {
    await this.#tell({ order: 'ask', inFlight: IN_FLIGHT_TO_VERIFY, requests });
  }

  async round(inFlight: number, milliseconds: number): Promise<EchoRound> {
    const { perSecond, rssBytes } = (await this.#tell({ order: 'round', inFlight, milliseconds })) as ClientRound;
    if (this.#server === undefined) return { perSecond, rssBytes: { process: rssBytes } };
    const server = (await this.#server.ask(undefined)) as number;
    const broker = this.#broker === undefined ? {} : { broker: this.#broker.rssBytes() };
    return { perSecond, rssBytes: { client: rssBytes, server, ...broker } };
  }

  async close(): Promise<void> {
    await this.#client?.stop();
    await this.#server?.stop();
    await this.#broker?.stop();
  }

  async #tell(order: ClientOrder): Promise<unknown> {
    return this.#client?.ask(order, ASK_TIMEOUT_MS);
  }
}
