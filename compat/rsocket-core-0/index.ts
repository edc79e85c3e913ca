/** Transports for npm rsocket-core 0.0.27: between threads through shared memory, and over TCP. */
export type { AcceptedConnectionOptions } from './AcceptedConnection.ts';
export type { ConnectionStatus } from './ConnectionStatus.ts';
export type { Encoder, Encoders } from './Encoders.ts';
export type { Flowable, Subscriber, Subscribing, Subscription } from './Flowable.ts';
export type { FlowableConnection, FlowableConnectionOptions, FrameSource } from './FlowableConnection.ts';
export type { Frame } from './Frame.ts';
export { RSocketShmClient, type RSocketShmClientOptions } from './RSocketShmClient.ts';
export { RSocketShmServer, type RSocketShmServerOptions } from './RSocketShmServer.ts';
export { RSocketTcpClient, type RSocketTcpClientOptions } from './RSocketTcpClient.ts';
export { RSocketTcpServer, type RSocketTcpServerOptions } from './RSocketTcpServer.ts';
export { RSocketTlsClient, type RSocketTlsClientOptions } from './RSocketTlsClient.ts';
