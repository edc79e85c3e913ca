/** Transports for npm rsocket-core 1.0.0-alpha, between threads, over TCP and WebSocket. Nothing of it is imported. */

export { COMPAT_HELD_BYTES, COMPAT_LINGER_TIMEOUT_MS, COMPAT_OUTBOUND_BYTES } from '../limits.ts';
export { DEFAULT_SHM_SERVICE } from '../ShmEndpoint.ts';
export { type AcceptOptions, acceptClient, type ConnectionAcceptor, type ServerFactory } from './acceptClient.ts';
export type { FrameConnection, FrameConnectionOptions, Streams } from './FrameConnection.ts';
export { type ClientFactory, openClient } from './openClient.ts';
export { ServerClosing } from './ServerClosing.ts';
export { type ShmClientOptions, ShmClientTransport } from './ShmClientTransport.ts';
export { type ShmServerOptions, ShmServerTransport } from './ShmServerTransport.ts';
export { type TcpClientOptions, TcpClientTransport } from './TcpClientTransport.ts';
export { type TcpServerOptions, TcpServerTransport } from './TcpServerTransport.ts';
export { type WebsocketClientOptions, WebsocketClientTransport } from './WebsocketClientTransport.ts';
export { type WebsocketServerOptions, WebsocketServerTransport } from './WebsocketServerTransport.ts';
