import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { RivalPayload, ZeroSingle } from '../../network/rivalLibraries.ts';
import { rivalModule } from '../../rivalModule.ts';
import { HOST } from '../host.ts';
import type { StartEcho } from './StartEcho.ts';

interface ZeroCore {
  readonly RSocketServer: new (options: object) => { start(): void };
  readonly BufferEncoders: unknown;
}

interface ZeroFlowable {
  readonly Single: { of<T>(value: T): ZeroSingle<T> };
}

/** What listens, made by us: the library does not say when it does, or where. */
interface Listener {
  once(event: 'listening', listener: () => void): unknown;
  address(): unknown;
}

type Transport = {
  readonly default: new (options: object, encoders: unknown, makeListener?: (options: object) => object) => object;
};

async function start(transport: object, listener: () => Listener): Promise<number> {
  const { RSocketServer } = rivalModule<ZeroCore>('rsocket-core-0');
  const { Single } = rivalModule<ZeroFlowable>('rsocket-flowable-0');
  const responder = { requestResponse: ({ data }: RivalPayload): ZeroSingle<RivalPayload> => Single.of({ data }) };
  new RSocketServer({ getRequestHandler: () => responder, transport }).start();
  const made = listener();
  await once(made as never, 'listening');
  return (made.address() as AddressInfo).port;
}

export const overTcp: StartEcho = () => {
  let made: Listener | undefined;
  const serverFactory = (onConnection: (socket: Socket) => void): object => {
    const server = createServer(onConnection);
    made = server;
    return server;
  };
  const { BufferEncoders } = rivalModule<ZeroCore>('rsocket-core-0');
  const { default: Server } = rivalModule<Transport>('rsocket-tcp-server-0');
  const transport = new Server({ port: 0, host: HOST, serverFactory }, BufferEncoders);
  return start(transport, () => made as Listener);
};

export const overWebSocket: StartEcho = () => {
  let made: Listener | undefined;
  const { WebSocketServer } = rivalModule<{ WebSocketServer: new (options: object) => Listener }>('ws');
  const makeListener = (options: object): object => {
    made = new WebSocketServer(options);
    return made;
  };
  const { BufferEncoders } = rivalModule<ZeroCore>('rsocket-core-0');
  const { default: Server } = rivalModule<Transport>('rsocket-websocket-server-0');
  const transport = new Server({ port: 0, host: HOST }, BufferEncoders, makeListener);
  return start(transport, () => made as Listener);
};
