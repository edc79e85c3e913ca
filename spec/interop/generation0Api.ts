/** What is used here of rsocket-js 0.0.27, which comes without types. */
import { createRequire } from 'node:module';
import type { Server } from 'node:net';
import type { WebSocket, WebSocketServer } from 'ws';

/** With `BufferEncoders` its data and metadata are Buffers, with its default strings. */
export interface Payload0 {
  readonly data?: Buffer | string | null | undefined;
  readonly metadata?: Buffer | string | null | undefined;
}

export interface Subscription0 {
  request(n: number): void;
  cancel(): void;
}

export interface Subscriber0<T> {
  onSubscribe(subscription: Subscription0): void;
  onNext(value: T): void;
  onComplete(): void;
  onError(error: Error): void;
}

export interface Flowable0<T> {
  subscribe(subscriber: Partial<Subscriber0<T>>): void;
}

export interface SingleSubscriber0<T> {
  onSubscribe(cancel?: () => void): void;
  onComplete(value?: T): void;
  onError(error: Error): void;
}

export interface Single0<T> {
  subscribe(
    subscriber: Partial<Omit<SingleSubscriber0<T>, 'onSubscribe'>> & { onSubscribe?(cancel: () => void): void },
  ): void;
}

export interface Status0 {
  readonly kind: 'NOT_CONNECTED' | 'CONNECTING' | 'CONNECTED' | 'CLOSED' | 'ERROR';
  readonly error?: Error;
}

export interface Socket0 {
  requestResponse(payload: Payload0): Single0<Payload0>;
  requestStream(payload: Payload0): Flowable0<Payload0>;
  requestChannel(payloads: Flowable0<Payload0>): Flowable0<Payload0>;
  fireAndForget(payload: Payload0): void;
  metadataPush(payload: Payload0): Single0<void>;
  connectionStatus(): Flowable0<Status0>;
  close(): void;
}

export interface Responder0 {
  requestResponse(payload: Payload0): Single0<Payload0>;
  requestStream(payload: Payload0): Flowable0<Payload0>;
  requestChannel(payloads: Flowable0<Payload0>): Flowable0<Payload0>;
  fireAndForget(payload: Payload0): void;
  metadataPush(payload: Payload0): Single0<void>;
}

export interface Lease0 {
  readonly allowedRequests: number;
  readonly timeToLiveMillis: number;
}

export interface Leases0 {
  sender(make: () => Flowable0<Lease0>): Leases0;
  receiver(take: (leases: Flowable0<Lease0>) => void): Leases0;
}

export interface ClientConfig0 {
  readonly transport: object;
  readonly responder: Responder0;
  readonly leases?: () => Leases0;
  readonly errorHandler?: (error: Error) => void;
  readonly setup: {
    readonly payload?: Payload0;
    readonly dataMimeType: string;
    readonly metadataMimeType: string;
    readonly keepAlive: number;
    readonly lifetime: number;
  };
}

export interface ServerConfig0 {
  readonly transport: object;
  readonly leases?: () => Leases0;
  getRequestHandler(socket: Socket0, setup: Payload0): Responder0;
}

interface Core0 {
  readonly BufferEncoders: object;
  readonly RSocketClient: new (config: ClientConfig0) => { connect(): Single0<Socket0>; close(): void };
  readonly RSocketServer: new (config: ServerConfig0) => { start(): void; stop(): void };
  readonly RSocketResumableTransport: new (
    source: () => object,
    options: { bufferSize: number; resumeToken: Buffer; sessionDurationSeconds: number },
    encoders: object,
  ) => object;
  readonly Lease: new (ttlMs: number, requests: number) => Lease0;
  readonly Leases: new () => Leases0;
}

interface Flowables0 {
  readonly Flowable: (new <T>(
    source: (subscriber: Subscriber0<T>) => void,
  ) => Flowable0<T>) & {
    never<T>(): Flowable0<T>;
  };
  readonly Single: new <T>(source: (subscriber: SingleSubscriber0<T>) => void) => Single0<T>;
}

/** A transport: what it needs, and how it makes bytes. */
type Transport0<O, F = undefined> = new (options: O, encoders: object | undefined, factory?: F) => object;

const require = createRequire(import.meta.url);

export const core0: Core0 = require('rsocket-core-0');
export const flowables0: Flowables0 = require('rsocket-flowable-0');
export const TcpClient0: Transport0<{ port: number; host: string; noDelay: boolean }> =
  require('rsocket-tcp-client-0').default;
export const TcpServer0: Transport0<{
  port: number;
  host: string;
  serverFactory: (onConnection: () => void) => Server;
}> = require('rsocket-tcp-server-0').default;
export const WebSocketClient0: Transport0<{ url: string; wsCreator: (url: string) => WebSocket }> =
  require('rsocket-websocket-client-0').default;
export const WebSocketServer0: Transport0<{ port: number; host: string }, () => WebSocketServer> =
  require('rsocket-websocket-server-0').default;
