import { DATA_LENGTH, METADATA_LENGTH } from '../request-response/RequestContender.ts';
import { NetworkRequests } from './NetworkRequests.ts';
import type { ZeroLibrary, ZeroSocket } from './rivalLibraries.ts';
import { KEEP_ALIVE } from './servers.ts';

export function connectZero(
  { core, clients, WebSocket }: ZeroLibrary,
  road: 'tcp' | 'ws',
  port: number,
): Promise<ZeroSocket> {
  const host = '127.0.0.1';
  const where = { port, host, url: `ws://${host}:${port}`, wsCreator: (url: string) => new WebSocket(url) };
  const transport = new clients[road].default(where, core.BufferEncoders);
  const mimeType = 'application/octet-stream';
  const setup = { ...KEEP_ALIVE, dataMimeType: mimeType, metadataMimeType: mimeType };
  return new Promise((onComplete, onError) => {
    new core.RSocketClient({ setup, transport }).connect().subscribe({ onComplete, onError, onSubscribe() {} });
  });
}

/** npm rsocket 0.0.27 at both ends. */
export class ZeroRequests extends NetworkRequests {
  readonly #library: ZeroLibrary;
  readonly #road: 'tcp' | 'ws';
  readonly #metadata: Buffer = Buffer.alloc(METADATA_LENGTH);
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
    const data = Buffer.alloc(DATA_LENGTH);
    data[0] = sequence;
    (this.#socket as ZeroSocket).requestResponse({ data, metadata: this.#metadata }).subscribe({
      onComplete: (answer) => this.answered(sequence, answer.data[0] as number, answer.data.length),
      onError: (error) => this.failed(error),
      onSubscribe() {},
    });
  }
}
