/**
 * rsocket-js 0.0.27, as its users have it, with Buffers for data and metadata, and without Nagle's algorithm, which it
 * leaves on.
 */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import {
  core0,
  type Flowable0,
  flowables0,
  type Lease0,
  type Leases0,
  type Payload0,
  type Responder0,
  type Single0,
  type Socket0,
  type Subscriber0,
  TcpClient0,
  TcpServer0,
  WebSocketClient0,
  WebSocketServer0,
} from './generation0Api.ts';
import type {
  ClientSettings,
  End,
  Implementation,
  LeaseSettings,
  Link,
  Listener,
  Publisher,
  ServerSettings,
  Sink,
  Source,
  Traits,
} from './Implementation.ts';
import type { Item } from './Item.ts';
import { echoPublisher, streamPublisher } from './publishers.ts';
import { type ErrorAnswer, errorAskedFor, ReferenceLog } from './ReferenceLog.ts';

const HOST = '127.0.0.1';
const { Flowable, Single } = flowables0;

const TRAITS: Traits = {
  losesEmptyMetadata: true,
  answersWithoutMetadata: true,
  hasOneErrorCode: true,
  sendsMetadataPush: true,
  takesMetadataPush: true,
};

/** What carries the frames of rsocket-js 0.0.27. */
export interface Transports0 {
  client(link: Link, port: number): object;
  /** @param onSocket gets each connection's socket, if it has one */
  server(link: Link, onSocket: (socket: Socket) => void): ServerTransport0;
}

export interface ServerTransport0 {
  readonly transport: object;
  /** Settles with the port when the transport has been started. */
  started(): Promise<number>;
}

export const generation0: Implementation = generation0Over('rsocket-js 0.0.27', {
  client: clientTransport,
  server: serverTransport,
});

/** rsocket-js 0.0.27 with Buffers, on any transports. */
export function generation0Over(name: string, transports: Transports0, traits: Partial<Traits> = {}): Implementation {
  return {
    name,
    traits: { ...TRAITS, ...traits },
    connect: (link, port, settings) => connect(transports, link, port, settings),
    listen: (link, settings) => listen(transports, link, settings),
  };
}

async function connect(transports: Transports0, link: Link, port: number, settings: ClientSettings = {}): Promise<End> {
  const { setup, lease, keepAliveMs = 60_000, lifetimeMs = 300_000, resumeToken } = settings;
  const { dataMimeType = 'application/octet-stream', metadataMimeType = 'application/octet-stream' } = settings;
  const log = new ReferenceLog();
  const reason: Reason = { error: undefined };
  const transport = (): object => transports.client(link, port);
  const client = new core0.RSocketClient({
    transport: resumeToken === undefined ? transport() : resumable(transport, resumeToken),
    responder: responderOf(log),
    errorHandler: (error) => {
      reason.error = error;
    },
    ...(lease && { leases: () => leasesOf(lease) }),
    setup: {
      ...(setup && { payload: toPayload(setup) }),
      dataMimeType,
      metadataMimeType,
      keepAlive: keepAliveMs,
      lifetime: lifetimeMs,
    },
  });
  return endOf(await promiseOf(client.connect()), log, reason);
}

function clientTransport(link: Link, port: number): object {
  if (link === 'tcp') return new TcpClient0({ port, host: HOST, noDelay: true }, core0.BufferEncoders);
  const options = { url: `ws://${HOST}:${port}`, wsCreator: (url: string) => new WebSocket(url) };
  return new WebSocketClient0(options, core0.BufferEncoders);
}

function resumable(transport: () => object, resumeToken: string): object {
  const options = { bufferSize: 100, resumeToken: Buffer.from(resumeToken), sessionDurationSeconds: 1 };
  return new core0.RSocketResumableTransport(transport, options, core0.BufferEncoders);
}

async function listen(transports: Transports0, link: Link, { refusal, lease }: ServerSettings = {}): Promise<Listener> {
  const ends: End[] = [];
  const sockets = new Set<Socket>();
  const { transport, started } = transports.server(link, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const server = new core0.RSocketServer({
    transport,
    ...(lease && { leases: () => leasesOf(lease) }),
    getRequestHandler: (socket, setup) => {
      if (refusal !== undefined) throw new Error(refusal);
      const log = new ReferenceLog();
      log.setups.push({ ...toItem(setup), dataMimeType: undefined, metadataMimeType: undefined });
      ends.push(endOf(socket, log, { error: undefined }));
      return responderOf(log);
    },
  });
  server.start();
  const port = await started();
  return {
    ends,
    port,
    close: async () => {
      for (const end of ends) end.close();
      server.stop();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function serverTransport(link: Link, onSocket: (socket: Socket) => void): ServerTransport0 {
  let server: Server | WebSocketServer;
  const started = async (): Promise<number> => {
    if (server.address() === null) await once(server, 'listening');
    return (server.address() as { port: number }).port;
  };
  if (link === 'tcp') {
    const serverFactory = (onConnection: () => void): Server => {
      const made = createServer({ noDelay: true }, onConnection).on('connection', onSocket);
      server = made;
      return made;
    };
    return { transport: new TcpServer0({ port: 0, host: HOST, serverFactory }, core0.BufferEncoders), started };
  }
  const factory = (): WebSocketServer => {
    const made = new WebSocketServer({ port: 0, host: HOST });
    server = made.on('connection', (_, request) => onSocket(request.socket));
    return made;
  };
  return { transport: new WebSocketServer0({ port: 0, host: HOST }, core0.BufferEncoders, factory), started };
}

/** What ended a connection, as far as its owner is told. */
interface Reason {
  error: Error | undefined;
}

function endOf(socket: Socket0, log: ReferenceLog, reason: Reason): End {
  const closed = new Promise<Error | undefined>((resolve) => {
    socket.connectionStatus().subscribe({
      onSubscribe: (subscription) => subscription.request(Number.MAX_SAFE_INTEGER),
      onNext: ({ kind, error }) => {
        // The reason comes after the end.
        if (kind === 'CLOSED' || kind === 'ERROR') queueMicrotask(() => resolve(error ?? reason.error));
      },
    });
  });
  return {
    log,
    closed,
    requestResponse: (item) => {
      let cancel = (): void => {};
      const response = new Promise<Item>((resolve, reject) => {
        socket.requestResponse(toPayload(item)).subscribe({
          onSubscribe: (how) => {
            cancel = how;
          },
          onComplete: (payload) => resolve(toItem(payload ?? {})),
          onError: reject,
        });
      });
      return { response, cancel: () => cancel() };
    },
    fireAndForget: (item) => socket.fireAndForget(toPayload(item)),
    requestStream: (item, initialRequestN, sink) =>
      subscribe(socket.requestStream(toPayload(item)), initialRequestN, sink),
    requestChannel: (items, initialRequestN, sink) =>
      subscribe(socket.requestChannel(flowableOf(items)), initialRequestN, sink),
    metadataPush: (metadata) => socket.metadataPush({ metadata: Buffer.from(metadata) }).subscribe({}),
    close: () => socket.close(),
  };
}

function responderOf(log: ReferenceLog): Responder0 {
  return {
    requestResponse: (payload) =>
      new Single((subscriber) => {
        const request = toItem(payload);
        subscriber.onSubscribe(() => {
          log.cancels++;
        });
        if (Buffer.from(request.data).equals(Buffer.from('never'))) return;
        const asked = errorAskedFor(request);
        if (asked === undefined) subscriber.onComplete(payload);
        else subscriber.onError(errorOf(asked));
      }),
    fireAndForget: (payload) => {
      log.fireAndForgets.push(toItem(payload));
    },
    requestStream: (payload) => flowableOf(streamPublisher(toItem(payload), log, errorOf)),
    requestChannel: (payloads) => flowableOf(echoPublisher(publisherOf(payloads), log, errorOf)),
    metadataPush: (payload) => {
      log.pushes.push(toItem(payload).metadata as Uint8Array);
      return new Single((subscriber) => subscriber.onSubscribe());
    },
  };
}

function flowableOf(publish: Publisher): Flowable0<Payload0> {
  return new Flowable((subscriber) => subscriber.onSubscribe(publish(sinkOf(subscriber))));
}

function publisherOf(payloads: Flowable0<Payload0>): Publisher {
  return (sink) => {
    let source: Source | undefined;
    payloads.subscribe({
      onSubscribe: (subscription) => {
        source = subscription;
      },
      ...subscriberOf(sink),
    });
    return source as Source;
  };
}

function subscribe(items: Flowable0<Payload0>, initialRequestN: number, sink: Sink): Source {
  const source = publisherOf(items)(sink);
  source.request(initialRequestN);
  return source;
}

function subscriberOf(sink: Sink): Omit<Subscriber0<Payload0>, 'onSubscribe'> {
  return {
    onNext: (payload) => sink.next(toItem(payload)),
    onComplete: () => sink.complete(),
    onError: (error) => sink.fail(error),
  };
}

function sinkOf(subscriber: Subscriber0<Payload0>): Sink {
  return {
    next: (item) => subscriber.onNext(toPayload(item)),
    complete: () => subscriber.onComplete(),
    fail: (error) => subscriber.onError(error),
  };
}

/** What it grants comes a turn later: granted at once, a client's lease goes out before its SETUP. */
function leasesOf({ requests, ttlMs = 60_000 }: LeaseSettings): Leases0 {
  const granted = new Flowable<Lease0>((subscriber) => {
    subscriber.onSubscribe({ request: () => {}, cancel: () => {} });
    if (requests !== undefined) setImmediate(() => subscriber.onNext(new core0.Lease(ttlMs, requests)));
  });
  return new core0.Leases().sender(() => granted).receiver((leases) => leases.subscribe({}));
}

function promiseOf<T>(single: Single0<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    single.subscribe({ onComplete: (value) => resolve(value as T), onError: reject });
  });
}

function errorOf({ message }: ErrorAnswer): Error {
  return new Error(message);
}

function toPayload({ data, metadata }: Item): Payload0 {
  return { data: Buffer.from(data), ...(metadata && { metadata: Buffer.from(metadata) }) };
}

function toItem({ data, metadata }: Payload0): Item {
  return { data: Buffer.from(data ?? ''), metadata: metadata ? Buffer.from(metadata) : undefined };
}
