import type { ZeroSingle, ZeroSocket } from '../../network/rivalLibraries.ts';
import { DATA_LENGTH, METADATA_LENGTH } from '../../request-response/RequestContender.ts';
import { rivalModule } from '../../rivalModule.ts';
import type { Answers, Asker, OpenAsker } from '../Asker.ts';
import { HOST, KEEP_ALIVE } from '../host.ts';

interface ZeroCore {
  readonly RSocketClient: new (options: object) => { connect(): ZeroSingle<ZeroSocket> };
  readonly BufferEncoders: unknown;
}

type Transport = { readonly default: new (options: object, encoders: unknown) => object };

/** npm rsocket 0.0.27. */
class ZeroAsker implements Asker {
  readonly #socket: ZeroSocket;
  readonly #metadata: Buffer = Buffer.alloc(METADATA_LENGTH);

  constructor(socket: ZeroSocket) {
    this.#socket = socket;
  }

  ask(sequence: number, answers: Answers): void {
    const data = Buffer.alloc(DATA_LENGTH);
    data[0] = sequence;
    this.#socket.requestResponse({ data, metadata: this.#metadata }).subscribe({
      onComplete: (answer) => answers.answered(sequence, answer.data[0] as number, answer.data.length),
      onError: (error) => answers.failed(error),
      onSubscribe() {},
    });
  }

  close(): void {
    this.#socket.close();
  }
}

function connectBy(transport: Transport, where: object): Promise<Asker> {
  const { RSocketClient, BufferEncoders } = rivalModule<ZeroCore>('rsocket-core-0');
  const mimeType = 'application/octet-stream';
  const setup = { ...KEEP_ALIVE, dataMimeType: mimeType, metadataMimeType: mimeType };
  const client = new RSocketClient({ setup, transport: new transport.default(where, BufferEncoders) });
  return new Promise((resolve, onError) => {
    const onComplete = (socket: ZeroSocket): void => resolve(new ZeroAsker(socket));
    client.connect().subscribe({ onComplete, onError, onSubscribe() {} });
  });
}

export const overTcp: OpenAsker = (port) =>
  connectBy(rivalModule<Transport>('rsocket-tcp-client-0'), { port, host: HOST });

export const overWebSocket: OpenAsker = (port) => {
  const WebSocket = rivalModule<new (url: string) => object>('ws');
  const url = `ws://${HOST}:${port}`;
  const where = { url, wsCreator: () => new WebSocket(url) };
  return connectBy(rivalModule<Transport>('rsocket-websocket-client-0'), where);
};
