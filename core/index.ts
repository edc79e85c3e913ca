/** RSocket peers over any connection: streams, credits, and the two levels of their interface. */
export { acceptPeer, type ServerOptions } from './acceptPeer.ts';
export { type Clock, systemClock } from './Clock.ts';
export { MAX_ERROR_MESSAGE_LENGTH } from './ControlFrames.ts';
export { type ClientOptions, connectPeer } from './connectPeer.ts';
export { MAX_REQUEST_N } from './Demand.ts';
export type { Handler, Payloads, RequestContext } from './Handler.ts';
export {
  ACCEPT_TIMEOUT_MS,
  ITEMS_PER_TURN,
  LEASE_GRACE_MS,
  MAX_ACCEPTED_LIFETIME_MS,
  MAX_CANCELS_PER_SECOND,
  MAX_CONNECTIONS,
  MAX_HELD_BYTES,
  MAX_KEEP_ALIVE_DATA_LENGTH,
  MAX_OUTBOUND_BYTES,
  MAX_PENDING_REQUESTS,
  MAX_PROVOKED_ERRORS_PER_SECOND,
  MAX_RUNNING_HANDLERS,
  MAX_STREAMS,
  MAX_WAITING_REQUESTS,
  PARTIAL_PAYLOAD_TIMEOUT_MS,
  PREFETCH,
  SHUTDOWN_DEADLINE_MS,
  TIME_TO_FIRST_FRAME_MS,
} from './limits.ts';
export { SENT } from './Outbound.ts';
export { Payload, type PayloadInit, type PayloadLike } from './Payload.ts';
export { Peer } from './Peer.ts';
export type { EntranceOptions, LeaseOptions, PeerOptions, Positions } from './PeerOptions.ts';
export { PeerServer, type PeerServerOptions } from './PeerServer.ts';
export type { RequestHandler } from './RequestHandler.ts';
export type { LeaseGrant } from './ResponderLease.ts';
export type { CloseOptions, RequestOptions, RSocket, StreamOptions } from './RSocket.ts';
export { type Responder, RSocketPeer, type RSocketPeerOptions } from './RSocketPeer.ts';
export {
  DEFAULT_MIME_TYPE,
  KEEP_ALIVE_INTERVAL_MS,
  MAX_LIFETIME_MS,
  NO_KEEP_ALIVE_MS,
  type Setup,
  type SetupInit,
} from './Setup.ts';
export { IGNORING_SUBSCRIBER, IgnoringSubscriber, type StreamSubscriber } from './StreamSubscriber.ts';
export { NO_DEMAND, NO_LEASE, STREAM_CLOSED, TOO_MANY_STREAMS, type ZeroCopyRSocket } from './ZeroCopyRSocket.ts';
