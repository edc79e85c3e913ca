import type { CounterBlock } from '../counters/index.ts';
import type { BufferPool } from '../pool/index.ts';
import type { RequestHandler } from './RequestHandler.ts';

/** What a peer is made with beside its connection. */
export interface PeerOptions {
  /** 1 for the side that made the connection, 2 for the side that accepted it. */
  readonly firstStreamId: number;
  /** Memory for what must wait or be put together again. */
  readonly pool: BufferPool;
  /** Answers the peer's requests; without it they are rejected. */
  readonly handler?: RequestHandler | undefined;
  /** Default `MAX_STREAMS`. */
  readonly maxStreams?: number | undefined;
  /** Default `MAX_OUTBOUND_BYTES`. */
  readonly maxOutboundBytes?: number | undefined;
  /** Longest payload that is put together from fragments, in bytes. Default the reassembler's. */
  readonly maxPayloadLength?: number | undefined;
  /** A block of kind LINK that this thread owns. */
  readonly counters?: CounterBlock | undefined;
  /**
   * Gets what a subscriber or handler threw, after its stream was ended. Default: thrown again from a microtask, as
   * uncaught errors are.
   */
  readonly onUncaught?: ((error: unknown) => void) | undefined;
}

/** The default `onUncaught`. */
export function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
