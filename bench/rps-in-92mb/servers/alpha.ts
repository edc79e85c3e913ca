import type { AlphaReceiver, RivalPayload } from '../../network/rivalLibraries.ts';
import { rivalModule } from '../../rivalModule.ts';
import { HOST } from '../host.ts';
import type { StartEcho } from './StartEcho.ts';

interface AlphaCore {
  readonly RSocketServer: new (options: object) => { bind(): Promise<unknown> };
}

type Transport = new (options: object) => object;

const responder = {
  requestResponse({ data }: RivalPayload, receiver: AlphaReceiver): object {
    receiver.onNext({ data }, true);
    return { cancel() {}, onExtension() {} };
  },
};

async function bind(transport: object, port: number): Promise<number> {
  const { RSocketServer } = rivalModule<AlphaCore>('rsocket-core');
  await new RSocketServer({ transport, acceptor: { accept: async () => responder } }).bind();
  return port;
}

export const overTcp: StartEcho = (port) => {
  const { TcpServerTransport } = rivalModule<{ TcpServerTransport: Transport }>('rsocket-tcp-server');
  return bind(new TcpServerTransport({ listenOptions: { port, host: HOST } }), port);
};

export const overWebSocket: StartEcho = (port) => {
  const library = rivalModule<{ WebsocketServerTransport: Transport }>('rsocket-websocket-server');
  const { WebSocketServer } = rivalModule<{ WebSocketServer: Transport }>('ws');
  const wsCreator = (): object => new WebSocketServer({ port, host: HOST, perMessageDeflate: false });
  return bind(new library.WebsocketServerTransport({ port, host: HOST, wsCreator }), port);
};
