import { DATA_LENGTH, METADATA_LENGTH } from '../request-response/RequestContender.ts';
import { NetworkRequests } from './NetworkRequests.ts';
import type { AlphaLibrary, AlphaSocket, RivalPayload } from './rivalLibraries.ts';
import { KEEP_ALIVE } from './servers.ts';

export function connectAlpha({ core, tcpClient }: AlphaLibrary, port: number): Promise<AlphaSocket> {
  const transport = new tcpClient.TcpClientTransport({ connectionOptions: { port, host: '127.0.0.1' } });
  return new core.RSocketConnector({ setup: KEEP_ALIVE, transport }).connect();
}

/** npm rsocket 1.0.0-alpha.3 at both ends. */
export class AlphaRequests extends NetworkRequests {
  readonly #library: AlphaLibrary;
  readonly #metadata: Buffer = Buffer.alloc(METADATA_LENGTH);
  #socket: AlphaSocket | undefined;

  constructor(name: string, inFlight: number, batch: number, library: AlphaLibrary) {
    super(name, inFlight, batch, 'alpha-tcp');
    this.#library = library;
  }

  protected override async connect(port: number): Promise<void> {
    this.#socket = await connectAlpha(this.#library, port);
  }

  protected override disconnect(): void {
    this.#socket?.close();
  }

  protected override send(sequence: number): void {
    const data = Buffer.alloc(DATA_LENGTH);
    data[0] = sequence;
    (this.#socket as AlphaSocket).requestResponse(
      { data, metadata: this.#metadata },
      {
        onNext: (answer: RivalPayload) => this.answered(sequence, answer.data[0] as number, answer.data.length),
        onComplete() {},
        onError: (error) => this.failed(error),
        onExtension() {},
      },
    );
  }
}
