/** RSocket over WebSocket, client and server, for Node. Where there is no `node:http`, see `browser.ts`. */
export {
  type ConnectNodeWebSocketOptions as ConnectWebSocketOptions,
  connectNodeWebSocket as connectWebSocket,
} from './connectNodeWebSocket.ts';
export { WEBSOCKET_FRAME_LENGTH } from './frameLimit.ts';
export { WS_FRAME_OVERHEAD_BYTES } from './LentFrames.ts';
export { type ListenWebSocketOptions, listenWebSocket, type WebSocketAddress } from './listenWebSocket.ts';
export {
  NodeWebSocketConnection,
  type NodeWebSocketConnectionOptions,
  PARTIAL_MESSAGE_TIMEOUT_MS,
} from './NodeWebSocketConnection.ts';
export {
  type OpenNodeWebSocketOptions as OpenWebSocketOptions,
  openNodeWebSocket as openWebSocket,
} from './openNodeWebSocket.ts';
export { WEBSOCKET_CONNECT_TIMEOUT_MS } from './openWebSocket.ts';
export { type ServeWebSocketOptions, serveWebSocket } from './serveWebSocket.ts';
export { UPGRADE_TIMEOUT_MS, type UpgradeOptions } from './UpgradeListener.ts';
export {
  CLOSE_TIMEOUT_MS,
  POLL_INTERVAL_MS,
  WEBSOCKET_HIGH_WATER_BYTES,
  WebSocketConnection,
  type WebSocketConnectionOptions,
} from './WebSocketConnection.ts';
export type { WebSocketConstructor, WebSocketLike } from './WebSocketLike.ts';
export type { ConnectionSink, WebSocketListener } from './WebSocketListener.ts';
export type { WebSocketServer } from './WebSocketServer.ts';
export { WsConnection, type WsConnectionOptions } from './WsConnection.ts';
export type { WsConstructor, WsServer, WsSocket } from './WsSocket.ts';
