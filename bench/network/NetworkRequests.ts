import { RequestContender } from '../request-response/RequestContender.ts';
import { NetworkServer } from './NetworkServer.ts';

/** Asks a server in a process of its own. */
export abstract class NetworkRequests extends RequestContender {
  readonly #kind: string;
  #server: NetworkServer | undefined;

  constructor(name: string, inFlight: number, batch: number, serverKind: string) {
    super(name, inFlight, batch);
    this.#kind = serverKind;
  }

  protected abstract connect(port: number): Promise<void>;
  protected abstract disconnect(): void | Promise<void>;

  override async open(): Promise<void> {
    this.#server = await NetworkServer.start(this.#kind);
    await this.connect(this.#server.port);
  }

  override async close(): Promise<void> {
    await this.disconnect();
    await this.#server?.stop();
    this.#server = undefined;
  }
}
