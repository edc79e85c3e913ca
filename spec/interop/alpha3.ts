/** rsocket-js 1.0.0-alpha.3, as its users have it, but without Nagle's algorithm, which it leaves on. */
import { createServer, type Server, type Socket } from 'node:net';
import * as core from 'rsocket-core';
import { TcpClientTransport } from 'rsocket-tcp-client';
import { TcpServerTransport } from 'rsocket-tcp-server';
import { WebsocketClientTransport } from 'rsocket-websocket-client';
import { type SocketFactory, WebsocketServerTransport } from 'rsocket-websocket-server';
import { WebSocket, WebSocketServer } from 'ws';
import type { ClientSettings, End, Implementation, Link, Listener, ServerSettings, Sink } from './Implementation.ts';
import type { Item } from './Item.ts';
import { echoPublisher, streamPublisher } from './publishers.ts';
import { type ErrorAnswer, errorAskedFor, ReferenceLog } from './ReferenceLog.ts';

const HOST = '127.0.0.1';

/** What the library is run on. */
export interface Alpha3Transports {
  client(link: Link, port: number): core.ClientTransport;
  server(link: Link): Alpha3Listening;
}

/** A server's transport, and where it listens once it is bound. */
export interface Alpha3Listening {
  readonly transport: core.ServerTransport;
  port(): number;
  stop(): Promise<void>;
}

export const alpha3: Implementation = alpha3On(
  'rsocket-js 1.0.0-alpha.3',
  { client: clientTransport, server: serverTransport },
  true,
);

/** The library on these transports. @param losesEmptyMetadata as the original transports do */
export function alpha3On(name: string, transports: Alpha3Transports, losesEmptyMetadata: boolean): Implementation {
  return {
    name,
    traits: {
      losesEmptyMetadata,
      answersWithoutMetadata: false,
      hasOneErrorCode: true,
      sendsMetadataPush: false,
      takesMetadataPush: false,
    },
    connect: (link, port, settings) => connect(transports.client(link, port), settings),
    listen: (link, settings) => listen(transports.server(link), settings),
  };
}

async function connect(transport: core.ClientTransport, settings: ClientSettings = {}): Promise<End> {
  const { setup, dataMimeType, metadataMimeType, keepAliveMs, lifetimeMs, lease, fragmentSize, resumeToken } = settings;
  const log = new ReferenceLog();
  const connector = new core.RSocketConnector({
    transport,
    responder: responderOf(log),
    setup: {
      ...(setup && { payload: toPayload(setup) }),
      ...(dataMimeType !== undefined && { dataMimeType }),
      ...(metadataMimeType !== undefined && { metadataMimeType }),
      ...(keepAliveMs !== undefined && { keepAlive: keepAliveMs }),
      ...(lifetimeMs !== undefined && { lifetime: lifetimeMs }),
    },
    ...(lease && { lease: {} }),
    ...(fragmentSize !== undefined && { fragmentation: { maxOutboundFragmentSize: fragmentSize } }),
    ...(resumeToken !== undefined && {
      resume: { tokenGenerator: () => Buffer.from(resumeToken), reconnectFunction: reconnectOnce },
    }),
  });
  return endOf(await connector.connect(), log);
}

/** Else it would try for ever. */
async function reconnectOnce(attempt: number): Promise<void> {
  if (attempt > 0) throw new Error('no further attempt');
}

function clientTransport(link: Link, port: number): core.ClientTransport {
  if (link === 'tcp') return new TcpClientTransport({ connectionOptions: { port, host: HOST, noDelay: true } });
  // It is written for the WebSocket of browsers, and types it so.
  const wsCreator = (url: string) => new WebSocket(url) as unknown as globalThis.WebSocket;
  return new WebsocketClientTransport({ url: `ws://${HOST}:${port}`, wsCreator });
}

async function listen({ transport, port, stop }: Alpha3Listening, settings: ServerSettings = {}): Promise<Listener> {
  const { refusal, lease, fragmentSize, keepsAlive = false } = settings;
  const ends: End[] = [];
  const server = new core.RSocketServer({
    transport,
    serverSideKeepAlive: keepsAlive,
    ...(lease && { lease: {} }),
    ...(fragmentSize !== undefined && { fragmentation: { maxOutboundFragmentSize: fragmentSize } }),
    acceptor: {
      accept: async (setup, peer) => {
        if (refusal !== undefined) throw new Error(refusal);
        const log = new ReferenceLog();
        const { dataMimeType, metadataMimeType } = setup;
        log.setups.push({ ...toItem(setup), dataMimeType, metadataMimeType });
        ends.push(endOf(peer, log));
        return responderOf(log);
      },
    },
  });
  const listening = await server.bind();
  return {
    ends,
    port: port(),
    close: async () => {
      for (const end of ends) end.close();
      listening.close();
      await stop();
    },
  };
}

function serverTransport(link: Link): Alpha3Listening {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  };
  const stop = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
  };
  if (link === 'tcp') {
    const server: Server = createServer({ noDelay: true }, keep);
    const transport = new TcpServerTransport({
      listenOptions: { port: 0, host: HOST },
      socketCreator: () => server,
    });
    return { transport, port: () => (server.address() as { port: number }).port, stop };
  }
  const server = new WebSocketServer({ port: 0, host: HOST });
  server.on('connection', (_, request) => keep(request.socket));
  // Its types are those of another edition of the same class.
  const wsCreator = (() => server) as unknown as SocketFactory;
  const transport = new WebsocketServerTransport({ wsCreator });
  return { transport, port: () => (server.address() as { port: number }).port, stop };
}

function endOf(rsocket: core.RSocket, log: ReferenceLog): End {
  let isClosed = false;
  const closed = new Promise<Error | undefined>((resolve) => {
    rsocket.onClose((error) => {
      isClosed = true;
      resolve(error);
    });
  });
  return {
    log,
    closed,
    requestResponse: (item) => {
      let call: core.Cancellable | undefined;
      const response = new Promise<Item>((resolve, reject) => {
        call = rsocket.requestResponse(toPayload(item), {
          onNext: (payload) => resolve(toItem(payload)),
          onComplete: () => resolve(toItem({ data: null })),
          onError: reject,
          onExtension: () => {},
        });
      });
      return { response, cancel: () => call?.cancel() };
    },
    fireAndForget: (item) => {
      rsocket.fireAndForget(toPayload(item), { onComplete: () => {}, onError: () => {} });
    },
    requestStream: (item, initialRequestN, sink) =>
      rsocket.requestStream(toPayload(item), initialRequestN, subscriberOf(sink)),
    requestChannel: (items, initialRequestN, sink) => {
      let first: Item | undefined;
      let stream: core.OnNextSubscriber & core.OnTerminalSubscriber & core.Requestable & core.Cancellable;
      const source = items({
        next: (item) => {
          if (stream === undefined) first = item;
          else stream.onNext(toPayload(item), false);
        },
        // Which may come with the first item, before there is a stream.
        complete: () => queueMicrotask(() => stream.onComplete()),
        fail: (error) => queueMicrotask(() => stream.onError(error)),
      });
      source.request(1);
      stream = rsocket.requestChannel(toPayload(first as Item), initialRequestN, false, {
        ...subscriberOf(sink),
        request: (n) => source.request(n),
        cancel: () => source.cancel(),
      });
      return stream;
    },
    metadataPush: (metadata) =>
      rsocket.metadataPush(Buffer.from(metadata), { onComplete: () => {}, onError: () => {} }),
    close: () => {
      if (!isClosed) rsocket.close();
    },
  };
}

function responderOf(log: ReferenceLog): Partial<core.RSocket> {
  return {
    requestResponse: (payload, stream) => {
      const request = toItem(payload);
      const cancellable = {
        cancel: () => {
          log.cancels++;
        },
        onExtension: () => {},
      };
      if (Buffer.from(request.data).equals(Buffer.from('never'))) return cancellable;
      const asked = errorAskedFor(request);
      if (asked === undefined) stream.onNext(payload, true);
      else stream.onError(errorOf(asked));
      return cancellable;
    },
    fireAndForget: (payload) => {
      log.fireAndForgets.push(toItem(payload));
      return { cancel: () => {} };
    },
    requestStream: (payload, initialRequestN, stream) => {
      const publish = streamPublisher(toItem(payload), log, errorOf);
      const source = publish(sinkOf(stream));
      source.request(initialRequestN);
      return { ...source, onExtension: () => {} };
    },
    requestChannel: (payload, initialRequestN, isCompleted, stream) => {
      let inbound: Sink | undefined;
      let isFirst = true;
      const publish = echoPublisher(
        (sink) => {
          inbound = sink;
          return {
            request: (n) => {
              const more = isFirst ? n - 1 : n;
              if (more > 0) stream.request(more);
              if (!isFirst) return;
              isFirst = false;
              sink.next(toItem(payload));
              if (isCompleted) sink.complete();
            },
            cancel: () => stream.cancel(),
          };
        },
        log,
        errorOf,
      );
      const source = publish(sinkOf(stream));
      source.request(initialRequestN);
      return { ...subscriberOf(inbound as Sink), ...source };
    },
    metadataPush: (metadata) => {
      log.pushes.push(metadata);
    },
  };
}

type Subscriber = core.OnNextSubscriber & core.OnTerminalSubscriber & core.OnExtensionSubscriber;

function subscriberOf(sink: Sink): Subscriber {
  return {
    onNext: (payload, isComplete) => {
      sink.next(toItem(payload));
      if (isComplete) sink.complete();
    },
    onComplete: () => sink.complete(),
    onError: (error) => sink.fail(error),
    onExtension: () => {},
  };
}

function sinkOf(stream: Subscriber): Sink {
  return {
    next: (item) => stream.onNext(toPayload(item), false),
    complete: () => stream.onComplete(),
    fail: (error) => stream.onError(error),
  };
}

function errorOf({ code, message }: ErrorAnswer): Error {
  return new core.RSocketError(code, message);
}

function toPayload({ data, metadata }: Item): core.Payload {
  return { data: Buffer.from(data), ...(metadata && { metadata: Buffer.from(metadata) }) };
}

function toItem({ data, metadata }: { data?: Buffer | null | undefined; metadata?: Buffer | null | undefined }): Item {
  return { data: Uint8Array.from(data ?? []), metadata: metadata ? Uint8Array.from(metadata) : undefined };
}
