import { DATA_LENGTH, METADATA_LENGTH } from '../request-response/RequestContender.ts';
import { NetworkRequests } from './NetworkRequests.ts';
import type { ZeroLibrary, ZeroSocket } from './rivalLibraries.ts';
import { KEEP_ALIVE } from './servers.ts';

const metadata = Buffer.alloc(METADATA_LENGTH);

/** Connects by one of the library's own transports. */
export function connectZero(library: ZeroLibrary, road: 'tcp' | 'ws', port: number): Promise<ZeroSocket> {
  const { core, clients, WebSocket } = library;
  const host = '127.0.0.1';
  const where = { port, host, url: `ws://${host}:${port}`, wsCreator: (url: string) => new WebSocket(url) };
  return connectZeroBy(library, new clients[road].default(where, core.BufferEncoders));
}

/** Connects by any connection of the library's kind. */
export function connectZeroBy({ core }: ZeroLibrary, transport: object): Promise<ZeroSocket> {
  const mimeType = 'application/octet-stream';
  const setup = { ...KEEP_ALIVE, dataMimeType: mimeType, metadataMimeType: mimeType };
  return new Promise((onComplete, onError) => {
    new core.RSocketClient({ setup, transport }).connect().subscribe({ onComplete, onError, onSubscribe() {} });
  });
}

/** Sends request `sequence`; one of the two is called with what comes. */
export function askZero(
  socket: ZeroSocket,
  sequence: number,
  onAnswer: (sequence: number, firstByte: number, length: number) => void,
  onError: (error: Error) => void,
): void {
  const data = Buffer.alloc(DATA_LENGTH);
  data[0] = sequence;
  socket.requestResponse({ data, metadata }).subscribe({
    onComplete: (answer) => onAnswer(sequence, answer.data[0] as number, answer.data.length),
    onError,
    onSubscribe() {},
  });
}

/** npm rsocket 0.0.27 at both ends. */
export class ZeroRequests extends NetworkRequests {
  readonly #library: ZeroLibrary;
  readonly #road: 'tcp' | 'ws';
  readonly #onAnswer = this.answered.bind(this);
  readonly #onError = this.failed.bind(this);
  #socket: ZeroSocket | undefined;

  constructor(name: string, inFlight: number, batch: number, library: ZeroLibrary, road: 'tcp' | 'ws') {
    super(name, inFlight, batch, `zero-${road}`);
    this.#library = library;
    this.#road = road;
  }

  protected override async connect(port: number): Promise<void> {
    this.#socket = await connectZero(this.#library, this.#road, port);
  }

  protected override disconnect(): void {
    this.#socket?.close();
  }

  protected override send(sequence: number): void {
    askZero(this.#socket as ZeroSocket, sequence, this.#onAnswer, this.#onError);
  }
}
