/** RSocket over TCP, Unix sockets and TLS, client and server, for Node. */
export { type ConnectTcpOptions, connectTcp } from './connectTcp.ts';
export {
  LINGER_TIMEOUT_MS,
  MAX_EXTRA_SOCKETS,
  PARTIAL_FRAME_TIMEOUT_MS,
  TCP_CONNECT_TIMEOUT_MS,
  TCP_FRAME_LENGTH,
  TCP_HIGH_WATER_BYTES,
} from './limits.ts';
export { type OpenTcpOptions, openTcp } from './openTcp.ts';
export { type AcceptedSocket, SharedReads, withSharedReads } from './SharedReads.ts';
export { type ServeTcpOptions, serveTcp } from './serveTcp.ts';
export type { TcpAddress } from './TcpAddress.ts';
export { TcpConnection, type TcpConnectionOptions } from './TcpConnection.ts';
export { TcpServer } from './TcpServer.ts';
