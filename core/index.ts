/** RSocket peers over any connection: streams, credits, and the two levels of their interface. */
export { MAX_ERROR_MESSAGE_LENGTH } from './ControlFrames.ts';
export { MAX_REQUEST_N } from './Demand.ts';
export type { Handler, Payloads, RequestContext } from './Handler.ts';
export { ITEMS_PER_TURN, MAX_OUTBOUND_BYTES, MAX_STREAMS, MAX_WAITING_REQUESTS, PREFETCH } from './limits.ts';
export { SENT } from './Outbound.ts';
export { Payload, type PayloadInit, type PayloadLike } from './Payload.ts';
export { Peer } from './Peer.ts';
export type { PeerOptions } from './PeerOptions.ts';
export type { RequestHandler } from './RequestHandler.ts';
export type { RequestOptions, RSocket, StreamOptions } from './RSocket.ts';
export { RSocketPeer, type RSocketPeerOptions } from './RSocketPeer.ts';
export { IGNORING_SUBSCRIBER, IgnoringSubscriber, type StreamSubscriber } from './StreamSubscriber.ts';
export { NO_DEMAND, STREAM_CLOSED, TOO_MANY_STREAMS, type ZeroCopyRSocket } from './ZeroCopyRSocket.ts';
