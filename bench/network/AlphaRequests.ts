import { DATA_LENGTH, METADATA_LENGTH } from '../request-response/RequestContender.ts';
import { NetworkRequests } from './NetworkRequests.ts';
import type { AlphaLibrary, AlphaSocket, RivalPayload } from './rivalLibraries.ts';
import { KEEP_ALIVE } from './servers.ts';

const metadata = Buffer.alloc(METADATA_LENGTH);

/** Connects by the library's own TCP. */
export function connectAlpha(library: AlphaLibrary, port: number): Promise<AlphaSocket> {
  const connectionOptions = { port, host: '127.0.0.1' };
  return connectAlphaBy(library, new library.tcpClient.TcpClientTransport({ connectionOptions }));
}

/** Connects by any transport of the library's kind. */
export function connectAlphaBy({ core }: AlphaLibrary, transport: object): Promise<AlphaSocket> {
  return new core.RSocketConnector({ setup: KEEP_ALIVE, transport }).connect();
}

/** Sends request `sequence`; one of the two is called with what comes. */
export function askAlpha(
  socket: AlphaSocket,
  sequence: number,
  onAnswer: (sequence: number, firstByte: number, length: number) => void,
  onError: (error: Error) => void,
): void {
  const data = Buffer.alloc(DATA_LENGTH);
  data[0] = sequence;
  socket.requestResponse(
    { data, metadata },
    {
      onNext: (answer: RivalPayload) => onAnswer(sequence, answer.data[0] as number, answer.data.length),
      onComplete() {},
      onError,
      onExtension() {},
    },
  );
}

/** npm rsocket 1.0.0-alpha.3 at both ends. */
export class AlphaRequests extends NetworkRequests {
  readonly #connect: (port: number) => Promise<AlphaSocket>;
  readonly #onAnswer = this.answered.bind(this);
  readonly #onError = this.failed.bind(this);
  #socket: AlphaSocket | undefined;

  /** @param connectTo how the client reaches the server */
  constructor(
    name: string,
    inFlight: number,
    batch: number,
    serverKind: string,
    connectTo: (port: number) => Promise<AlphaSocket>,
  ) {
    super(name, inFlight, batch, serverKind);
    this.#connect = connectTo;
  }

  protected override async connect(port: number): Promise<void> {
    this.#socket = await this.#connect(port);
  }

  protected override disconnect(): void {
    this.#socket?.close();
  }

  protected override send(sequence: number): void {
    askAlpha(this.#socket as AlphaSocket, sequence, this.#onAnswer, this.#onError);
  }
}
