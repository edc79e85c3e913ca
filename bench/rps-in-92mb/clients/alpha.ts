import type { AlphaReceiver, AlphaSocket, RivalPayload } from '../../network/rivalLibraries.ts';
import { DATA_LENGTH, METADATA_LENGTH } from '../../request-response/RequestContender.ts';
import { rivalModule } from '../../rivalModule.ts';
import type { Answers, Asker, OpenAsker } from '../Asker.ts';
import { HOST, KEEP_ALIVE } from '../host.ts';

interface AlphaCore {
  readonly RSocketConnector: new (options: object) => { connect(): Promise<AlphaSocket> };
}

/** npm rsocket 1.0.0-alpha.3. */
class AlphaAsker implements Asker {
  readonly #socket: AlphaSocket;
  readonly #metadata: Buffer = Buffer.alloc(METADATA_LENGTH);

  constructor(socket: AlphaSocket) {
    this.#socket = socket;
  }

  ask(sequence: number, answers: Answers): void {
    const data = Buffer.alloc(DATA_LENGTH);
    data[0] = sequence;
    this.#socket.requestResponse({ data, metadata: this.#metadata }, {
      onNext: (answer: RivalPayload) => answers.answered(sequence, answer.data[0] as number, answer.data.length),
      onComplete() {},
      onError: (error: Error) => answers.failed(error),
      onExtension() {},
    } satisfies AlphaReceiver);
  }

  close(): void {
    this.#socket.close();
  }
}

async function connectBy(transport: object): Promise<Asker> {
  const { RSocketConnector } = rivalModule<AlphaCore>('rsocket-core');
  return new AlphaAsker(await new RSocketConnector({ setup: KEEP_ALIVE, transport }).connect());
}

type Transport = new (options: object) => object;

export const overTcp: OpenAsker = (port) => {
  const { TcpClientTransport } = rivalModule<{ TcpClientTransport: Transport }>('rsocket-tcp-client');
  return connectBy(new TcpClientTransport({ connectionOptions: { port, host: HOST } }));
};

export const overWebSocket: OpenAsker = (port) => {
  const library = rivalModule<{ WebsocketClientTransport: Transport }>('rsocket-websocket-client');
  const WebSocket = rivalModule<new (url: string) => object>('ws');
  const url = `ws://${HOST}:${port}`;
  return connectBy(new library.WebsocketClientTransport({ url, wsCreator: () => new WebSocket(url) }));
};
