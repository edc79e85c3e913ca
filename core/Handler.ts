import type { Payload, PayloadLike } from './Payload.ts';
import type { RSocket } from './RSocket.ts';

/** What a handler may want to know beside the payload. */
export interface RequestContext {
  /** Aborts when the requester cancels or the connection ends. Made at the first access. */
  readonly signal: AbortSignal;
  /** Who asks; it can be asked in turn. */
  readonly peer: RSocket;
}

/** Items of a stream: whatever can be iterated. It is pulled only as fast as the requester grants. */
export type Payloads = AsyncIterable<PayloadLike> | Iterable<PayloadLike>;

/**
 * Who answers requests. What a method throws or rejects with is sent as an ERROR frame: an `RSocketError` with its
 * `errorCode`, anything else as APPLICATION_ERROR with its message. A request without a method here is REJECTED.
 */
export interface Handler {
  requestResponse?(payload: Payload, context: RequestContext): PayloadLike | Promise<PayloadLike>;
  fireAndForget?(payload: Payload, context: RequestContext): void | Promise<void>;
  requestStream?(payload: Payload, context: RequestContext): Payloads;
  /** @param payloads what the requester sends, its first item included; it is granted as this is read */
  requestChannel?(payloads: AsyncIterable<Payload>, context: RequestContext): Payloads;
  /** @param payload metadata about the connection as a whole, and no data */
  metadataPush?(payload: Payload, context: RequestContext): void | Promise<void>;
}
