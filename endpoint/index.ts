/** RSocket by URL: what most programs need. The rooms behind it are subpaths: `flysocket/core` and so on. */
export type {
  CloseOptions,
  Handler,
  LeaseOptions,
  PayloadInit,
  PayloadLike,
  Payloads,
  RequestContext,
  RequestOptions,
  Responder,
  RSocket,
  RSocketPeer,
  Setup,
  SetupInit,
  StreamOptions,
} from '../core/index.ts';
export { Payload } from '../core/index.ts';
export { ErrorCode, RSocketError } from '../flyweight/index.ts';
export { type ConnectOptions, connect } from './connect.ts';
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
export { type ServeOptions, type Server, serve } from './serve.ts';
export { type FrameWatcher, WatchedConnection } from './WatchedConnection.ts';
