/** What the benches use of npm rsocket 1.0.0-alpha.3 and 0.0.27 and of @grpc/grpc-js, none of which is typed here. */
import type { WebSocketConstructor, WsServer } from 'flysocket/ws-transport';
import { loadRival } from '../loadRival.ts';

export interface RivalPayload {
  readonly data: Buffer;
  readonly metadata?: Buffer;
}

/** The two halves of a stream of alpha.3, as both sides see them. */
export interface AlphaReceiver {
  onNext(payload: RivalPayload, isComplete: boolean): void;
  onComplete(): void;
  onError(error: Error): void;
  onExtension(): void;
}

export interface AlphaRequester {
  request(n: number): void;
  cancel(): void;
}

export interface AlphaSocket {
  requestResponse(payload: RivalPayload, receiver: AlphaReceiver): AlphaRequester;
  requestStream(payload: RivalPayload, initialRequestN: number, receiver: AlphaReceiver): AlphaRequester;
  close(): void;
}

export interface AlphaLibrary {
  readonly core: {
    RSocketConnector: new (options: object) => { connect(): Promise<AlphaSocket> };
    RSocketServer: new (options: object) => { bind(): Promise<{ close(): void }> };
  };
  readonly tcpClient: { TcpClientTransport: new (options: object) => object };
  readonly tcpServer: { TcpServerTransport: new (options: object) => object };
}

export function alphaLibrary(): AlphaLibrary | undefined {
  const core = loadRival<AlphaLibrary['core']>('rsocket-core');
  const tcpClient = loadRival<AlphaLibrary['tcpClient']>('rsocket-tcp-client');
  const tcpServer = loadRival<AlphaLibrary['tcpServer']>('rsocket-tcp-server');
  return core && tcpClient && tcpServer && { core, tcpClient, tcpServer };
}

/** A promise of 0.0.27. */
export interface ZeroSingle<T> {
  subscribe(subscriber: { onComplete(value: T): void; onError(error: Error): void; onSubscribe(): void }): void;
}

export interface ZeroSubscription {
  request(n: number): void;
  cancel(): void;
}

/** A stream of 0.0.27. */
export interface ZeroFlowable<T> {
  subscribe(subscriber: {
    onSubscribe(subscription: ZeroSubscription): void;
    onNext(value: T): void;
    onComplete(): void;
    onError(error: Error): void;
  }): void;
}

export interface ZeroSocket {
  requestResponse(payload: RivalPayload): ZeroSingle<RivalPayload>;
  requestStream(payload: RivalPayload): ZeroFlowable<RivalPayload>;
  close(): void;
}

type ZeroTransport = { default: new (options: object, encoders: unknown) => object };

export interface ZeroLibrary {
  readonly core: {
    RSocketClient: new (options: object) => { connect(): ZeroSingle<ZeroSocket> };
    RSocketServer: new (options: object) => { start(): void; stop(): void };
    BufferEncoders: unknown;
  };
  readonly flowable: {
    Single: { of<T>(value: T): ZeroSingle<T> };
    Flowable: new <T>(
      source: (subscriber: {
        onSubscribe(subscription: ZeroSubscription): void;
        onNext(value: T): void;
        onComplete(): void;
      }) => void,
    ) => ZeroFlowable<T>;
  };
  readonly clients: { readonly tcp: ZeroTransport; readonly ws: ZeroTransport };
  readonly servers: { readonly tcp: ZeroTransport; readonly ws: ZeroTransport };
  readonly WebSocket: new (url: string) => object;
}

export function zeroLibrary(): ZeroLibrary | undefined {
  const core = loadRival<ZeroLibrary['core']>('rsocket-core-0');
  const flowable = loadRival<ZeroLibrary['flowable']>('rsocket-flowable-0');
  const tcpClient = loadRival<ZeroTransport>('rsocket-tcp-client-0');
  const tcpServer = loadRival<ZeroTransport>('rsocket-tcp-server-0');
  const wsClient = loadRival<ZeroTransport>('rsocket-websocket-client-0');
  const wsServer = loadRival<ZeroTransport>('rsocket-websocket-server-0');
  const WebSocket = loadRival<ZeroLibrary['WebSocket']>('ws');
  if (!core || !flowable || !tcpClient || !tcpServer || !wsClient || !wsServer || !WebSocket) return undefined;
  return {
    core,
    flowable,
    clients: { tcp: tcpClient, ws: wsClient },
    servers: { tcp: tcpServer, ws: wsServer },
    WebSocket,
  };
}

/** The npm package `ws`, which our WebSocket connections can stand on. */
export interface WsLibrary {
  readonly WebSocketServer: new (options: object) => WsServer;
  readonly WebSocket: WebSocketConstructor;
}

export function wsLibrary(): WsLibrary | undefined {
  return loadRival<WsLibrary>('ws');
}

export interface GrpcClient {
  echo(message: Buffer, callback: (error: Error | null, answer: Buffer) => void): void;
  close(): void;
}

export interface GrpcLibrary {
  makeGenericClientConstructor(
    definition: object,
    name: string,
  ): new (
    address: string,
    credentials: object,
  ) => GrpcClient;
  Server: new () => {
    addService(definition: object, handlers: object): void;
    bindAsync(address: string, credentials: object, callback: (error: Error | null, port: number) => void): void;
  };
  credentials: { createInsecure(): object };
  ServerCredentials: { createInsecure(): object };
}

export function grpcLibrary(): GrpcLibrary | undefined {
  return loadRival<GrpcLibrary>('@grpc/grpc-js');
}

const asItIs = (bytes: Buffer): Buffer => bytes;

/** A service whose messages are bytes, so that gRPC is measured and not a serializer. */
export const GRPC_SERVICE: object = {
  echo: {
    path: '/bench.Echo/echo',
    requestStream: false,
    responseStream: false,
    requestSerialize: asItIs,
    requestDeserialize: asItIs,
    responseSerialize: asItIs,
    responseDeserialize: asItIs,
  },
};
