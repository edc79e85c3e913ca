import type { CounterBlock } from '../counters/index.ts';
import type { BufferPool } from '../pool/index.ts';
import type { Clock } from './Clock.ts';
import type { RequestHandler } from './RequestHandler.ts';
import type { LeaseGrant } from './ResponderLease.ts';
import type { Setup, SetupInit } from './Setup.ts';

/** What a peer is made with beside its connection. */
export interface PeerOptions {
  /** 1 for the side that made the connection, 2 for the side that accepted it. */
  readonly firstStreamId: number;
  /** Memory for what must wait or be put together again. */
  readonly pool: BufferPool;
  /** This side is a client: it begins with a SETUP that says this. */
  readonly setup?: SetupInit | undefined;
  /** This side is a server: it waits for a SETUP, which decides who answers. With neither, there is no SETUP at all. */
  readonly entrance?: EntranceOptions | undefined;
  /** Answers the peer's requests; without it they are rejected. A server's comes from its `entrance`. */
  readonly handler?: RequestHandler | undefined;
  /** A client asks for leases in both directions; a server has them if its client asks. */
  readonly lease?: LeaseOptions | undefined;
  /** Default `systemClock`. */
  readonly clock?: Clock | undefined;
  /** Where the connection can be resumed; without it positions are 0. */
  readonly positions?: Positions | undefined;
  /** Default `MAX_STREAMS`. */
  readonly maxStreams?: number | undefined;
  /** Default `MAX_OUTBOUND_BYTES`. */
  readonly maxOutboundBytes?: number | undefined;
  /** Longest payload that is put together from fragments, in bytes. Default the reassembler's. */
  readonly maxPayloadLength?: number | undefined;
  /** Bytes that payloads may take whose last fragment has not come, all together. Default the reassembler's. */
  readonly maxReassemblyBytes?: number | undefined;
  /** Default `PARTIAL_PAYLOAD_TIMEOUT_MS`. */
  readonly partialPayloadTimeoutMs?: number | undefined;
  /** Payloads longer than such a frame go in fragments, in bytes from 64 on. Default the connection's longest frame. */
  readonly maxFrameLength?: number | undefined;
  /** Default `MAX_CANCELS_PER_SECOND`. */
  readonly maxCancelsPerSecond?: number | undefined;
  /** Default `MAX_PROVOKED_ERRORS_PER_SECOND`. */
  readonly maxProvokedErrorsPerSecond?: number | undefined;
  /** A block of kind LINK that this thread owns. Default the connection's, or one that nobody reads. */
  readonly counters?: CounterBlock | undefined;
  /**
   * Gets what a subscriber or handler threw, after its stream was ended. Default: thrown again from a microtask, as
   * uncaught errors are.
   */
  readonly onUncaught?: ((error: unknown) => void) | undefined;
}

/** How a server lets a client in. */
export interface EntranceOptions {
  /** Decides about a valid SETUP: gives who answers, or throws, which rejects it with that message. */
  accept(setup: Setup): RequestHandler | Promise<RequestHandler>;
  /** The client has been let in; none of its requests is looked at before this returns. */
  readonly onAccepted?: (() => void) | undefined;
  /** Default `TIME_TO_FIRST_FRAME_MS`. */
  readonly timeToFirstFrameMs?: number | undefined;
  /** Default `ACCEPT_TIMEOUT_MS`. */
  readonly acceptTimeoutMs?: number | undefined;
  /** Default `MAX_HELD_BYTES`. */
  readonly maxHeldBytes?: number | undefined;
  /** Default `MAX_ACCEPTED_LIFETIME_MS`. */
  readonly maxLifetimeMs?: number | undefined;
}

/** Requests by permission only (spec: "Lease Semantics"). */
export interface LeaseOptions {
  /** What this side grants the peer, again each time it runs out. Without it `grantLease` is the only way. */
  readonly grant?: LeaseGrant | undefined;
  /** Requests of the high level that wait for a lease; 0: they fail at once. Default `MAX_PENDING_REQUESTS`. */
  readonly maxPendingRequests?: number | undefined;
}

/** What a connection that can be resumed counts: bytes of the frames on streams, without any length prefix. */
export interface Positions {
  /** Received so far: what KEEPALIVE tells the peer. */
  readonly received: number;
  /** The peer has received what was sent up to `position`. */
  onPeerReceived(position: number): void;
}

/** The default `onUncaught`. */
export function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
