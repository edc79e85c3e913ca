/** RSocket by URL for browsers: clients over WebSocket. */
export type {
  CloseOptions,
  Handler,
  LeaseOptions,
  PayloadInit,
  PayloadLike,
  Payloads,
  RequestContext,
  RequestOptions,
  RSocket,
  RSocketPeer,
  SetupInit,
  StreamOptions,
} from '../core/index.ts';
export { Payload } from '../core/index.ts';
export { ErrorCode, RSocketError } from '../flyweight/index.ts';
export { type ConnectInBrowserOptions as ConnectOptions, connectInBrowser as connect } from './connectInBrowser.ts';
export type { EndpointOptions } from './connectOver.ts';
export { isWorthRetrying } from './isWorthRetrying.ts';
export {
  MAX_REQUESTS_WITHOUT_CONNECTION,
  RECONNECT_FACTOR,
  RECONNECT_INITIAL_DELAY_MS,
  RECONNECT_JITTER,
  RECONNECT_MAX_DELAY_MS,
  RECONNECT_STABLE_MS,
  WAIT_FOR_CONNECTION_MS,
} from './limits.ts';
export { type ConnectionState, ReconnectingRSocket, type StateListener } from './ReconnectingRSocket.ts';
export type { ReconnectOptions } from './ReconnectOptions.ts';
export { type FrameWatcher, WatchedConnection } from './WatchedConnection.ts';
