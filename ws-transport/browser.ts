/** RSocket over WebSocket, the client, for browsers and all that have a `WebSocket` of their own. */
export { type ConnectWebSocketOptions, connectWebSocket } from './connectWebSocket.ts';
export { WEBSOCKET_FRAME_LENGTH } from './frameLimit.ts';
export { type OpenWebSocketOptions, openWebSocket, WEBSOCKET_CONNECT_TIMEOUT_MS } from './openWebSocket.ts';
export {
  CLOSE_TIMEOUT_MS,
  POLL_INTERVAL_MS,
  WEBSOCKET_HIGH_WATER_BYTES,
  WebSocketConnection,
  type WebSocketConnectionOptions,
} from './WebSocketConnection.ts';
export type { WebSocketConstructor, WebSocketLike } from './WebSocketLike.ts';
