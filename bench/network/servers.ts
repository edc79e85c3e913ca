/** The servers of `serverProgram.ts`, one of each kind. Rivals that aren't installed have none. */
import { connect, createServer } from 'node:net';
import { TcpServerTransport } from 'flysocket/compat/rsocket-core';
import type { RequestHandler, RSocketPeer, StreamSubscriber, ZeroCopyRSocket } from 'flysocket/core';
import { PayloadFlyweight } from 'flysocket/flyweight';
import { serveTcp } from 'flysocket/tcp-transport';
import { serveWebSocket } from 'flysocket/ws-transport';
import { ItemSource } from './ItemSource.ts';
import {
  type AlphaLibrary,
  type AlphaReceiver,
  type AlphaRequester,
  alphaLibrary,
  GRPC_SERVICE,
  grpcLibrary,
  type RivalPayload,
  wsLibrary,
  type ZeroFlowable,
  type ZeroLibrary,
  type ZeroSingle,
  zeroLibrary,
} from './rivalLibraries.ts';

const HOST = '127.0.0.1';
const LIFETIME_MS = 300_000;
const CONNECT_ATTEMPTS = 100;
const CONNECT_INTERVAL_MS = 20;

export interface RunningServer {
  readonly port: number;
  openStreams(): number;
}

/** Answers from the very bytes that arrived. */
function requestHandler(): RequestHandler {
  const answer = new PayloadFlyweight();
  const sources = new WeakMap<ZeroCopyRSocket, ItemSource>();
  return {
    requestResponse(payload: PayloadFlyweight, streamId: number, peer: ZeroCopyRSocket): undefined {
      answer.wrapData(payload.dataBuffer, payload.dataOffset, payload.dataLength);
      peer.next(streamId, answer, true);
    },
    requestStream(payload, initialRequestN, streamId, peer): StreamSubscriber | undefined {
      if (payload.dataLength === 0) return undefined;
      const source = sources.get(peer) ?? new ItemSource(peer);
      sources.set(peer, source);
      source.onRequestN(initialRequestN, streamId);
      return source;
    },
  };
}

function openStreamsOf(peers: ReadonlySet<RSocketPeer>): number {
  return [...peers].reduce((sum, peer) => sum + peer.zeroCopy.openStreams, 0);
}

async function flysocketTcp(): Promise<RunningServer> {
  const server = await serveTcp({ port: 0, host: HOST }, {}, { requestHandler: requestHandler() });
  const address = server.address as { port: number };
  return { port: address.port, openStreams: () => openStreamsOf(server.peers) };
}

async function flysocketWs(): Promise<RunningServer> {
  const server = await serveWebSocket({ port: 0, host: HOST }, {}, { requestHandler: requestHandler() });
  const address = server.address as { port: number };
  return { port: address.port, openStreams: () => openStreamsOf(server.peers) };
}

/** On a server of the `ws` package. */
async function flysocketWsPackage(): Promise<RunningServer> {
  const library = wsLibrary();
  if (library === undefined) throw new Error('ws is not installed');
  const webSocketServer = new library.WebSocketServer({ port: 0, host: HOST, perMessageDeflate: false });
  const server = await serveWebSocket({ webSocketServer }, {}, { requestHandler: requestHandler() });
  const address = server.address as { port: number };
  return { port: address.port, openStreams: () => openStreamsOf(server.peers) };
}

/** On the high level. */
async function flysocketPromises(): Promise<RunningServer> {
  const server = await serveTcp({ port: 0, host: HOST }, { requestResponse: ({ data }) => data });
  const address = server.address as { port: number };
  return { port: address.port, openStreams: () => openStreamsOf(server.peers) };
}

/** @param ours on our transport in the place of the library's */
async function alphaTcp(ours: boolean): Promise<RunningServer> {
  const library = alphaLibrary();
  if (library === undefined) throw new Error('rsocket 1.0.0-alpha.3 is not installed');
  const port = await freePort();
  const listenOptions = { port, host: HOST };
  const openStreams = await bindAlpha(
    library,
    ours ? new TcpServerTransport({ listenOptions }) : new library.tcpServer.TcpServerTransport({ listenOptions }),
  );
  return { port, openStreams };
}

/** A server of rsocket 1.0.0-alpha.3 on any transport. @returns how many of its streams are open */
export async function bindAlpha(library: AlphaLibrary, transport: object): Promise<() => number> {
  let open = 0;
  const responder = {
    requestResponse({ data }: RivalPayload, receiver: AlphaReceiver): object {
      receiver.onNext({ data }, true);
      return { cancel() {}, onExtension() {} };
    },
    requestStream({ data }: RivalPayload, initialRequestN: number, receiver: AlphaReceiver): AlphaRequester {
      open++;
      const request = (n: number): void => {
        if (data !== null && data !== undefined) for (let i = 0; i < n; i++) receiver.onNext({ data }, false);
      };
      request(initialRequestN);
      return { request, cancel: () => open-- };
    },
  };
  const acceptor = { accept: async () => responder };
  await new library.core.RSocketServer({ transport, acceptor }).bind();
  return () => open;
}

async function zero(kind: 'tcp' | 'ws'): Promise<RunningServer> {
  const library = zeroLibrary();
  if (library === undefined) throw new Error('rsocket 0.0.27 is not installed');
  const { core, servers: transports } = library;
  const port = await freePort();
  startZero(library, new transports[kind].default({ port, host: HOST }, core.BufferEncoders));
  await listening(port);
  return { port, openStreams: () => 0 };
}

/** A server of rsocket 0.0.27 on any transport. */
export function startZero({ core, flowable }: ZeroLibrary, transport: object): void {
  const responder = {
    requestResponse: ({ data }: RivalPayload): ZeroSingle<RivalPayload> => flowable.Single.of({ data }),
    requestStream: ({ data }: RivalPayload): ZeroFlowable<RivalPayload> =>
      new flowable.Flowable((subscriber) => {
        subscriber.onSubscribe({
          request(n) {
            if (data.length > 0) for (let i = 0; i < n; i++) subscriber.onNext({ data });
          },
          cancel() {},
        });
      }),
  };
  new core.RSocketServer({ getRequestHandler: () => responder, transport }).start();
}

async function grpc(): Promise<RunningServer> {
  const library = grpcLibrary();
  if (library === undefined) throw new Error('@grpc/grpc-js is not installed');
  const server = new library.Server();
  const echo = ({ request }: { request: Buffer }, callback: (error: null, answer: Buffer) => void): void =>
    callback(null, request.subarray(32));
  server.addService(GRPC_SERVICE, { echo });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${HOST}:0`, library.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { port, openStreams: () => 0 };
}

/** For a library that does not say when it listens. */
export async function listening(port: number): Promise<void> {
  for (let attempt = 0; attempt < CONNECT_ATTEMPTS; attempt++) {
    const socket = connect(port, HOST);
    const isThere = await new Promise((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, CONNECT_INTERVAL_MS));
  }
  throw new Error(`nobody listens on port ${port}`);
}

/** For libraries that can't listen on a port of the system's choice. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, HOST, () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

export const servers: Readonly<Record<string, () => Promise<RunningServer>>> = {
  'flysocket-tcp': flysocketTcp,
  'flysocket-promises': flysocketPromises,
  'flysocket-ws': flysocketWs,
  'flysocket-ws-package': flysocketWsPackage,
  'alpha-tcp': () => alphaTcp(false),
  'alpha-tcp-ours': () => alphaTcp(true),
  'zero-tcp': () => zero('tcp'),
  'zero-ws': () => zero('ws'),
  grpc,
};

/** What clients of the rivals tell them in their SETUP, in milliseconds. */
export const KEEP_ALIVE: { keepAlive: number; lifetime: number } = {
  keepAlive: LIFETIME_MS / 5,
  lifetime: LIFETIME_MS,
};
