import type { RSocketError } from '../flyweight/index.ts';
import type { Payload, PayloadLike } from './Payload.ts';

/** What any request may be given. */
export interface RequestOptions {
  /** Cancels the request, at the peer too. The promise or the iteration then fails with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What a request for a stream or a channel may be given. */
export interface StreamOptions extends RequestOptions {
  /** Items asked for ahead of the reader, renewed at half. Default `PREFETCH`. */
  readonly prefetch?: number | undefined;
}

/**
 * A peer, wherever it runs: another thread, another process, or here. All four interactions, with promises and
 * AsyncIterables; what comes back is owned by the caller. Errors are `RSocketError`s with a stable `code`.
 */
export interface RSocket {
  requestResponse(payload: PayloadLike, options?: RequestOptions): Promise<Payload>;
  /** Resolves when the frame is on its way; nothing tells whether it was handled. */
  fireAndForget(payload: PayloadLike): Promise<void>;
  /** The request is sent when the iteration begins; leaving the loop cancels it. It can be iterated once. */
  requestStream(payload: PayloadLike, options?: StreamOptions): AsyncIterable<Payload>;
  /** Items of `payloads` are pulled as the peer grants them. With none at all, nothing is sent and nothing comes. */
  requestChannel(
    payloads: AsyncIterable<PayloadLike> | Iterable<PayloadLike>,
    options?: StreamOptions,
  ): AsyncIterable<Payload>;
  /** Sends metadata about the connection as a whole. Resolves when the frame is on its way. */
  metadataPush(metadata: Uint8Array | string): Promise<void>;
  /**
   * Ends the connection in good order: no new requests on either side, those that run may finish until the deadline;
   * what is open then fails. Resolves when the connection has ended.
   */
  close(options?: CloseOptions): Promise<void>;
  /** Ends the connection at once, and everything open on it fails. What has left this side is delivered first. */
  destroy(error?: RSocketError): void;
  /** Settles when the connection has ended, with the error that ended it, if one did. Never rejects. */
  readonly onClose: Promise<RSocketError | undefined>;
}

/** How a connection is closed. */
export interface CloseOptions {
  /** How long the requests that run have to finish. Default `SHUTDOWN_DEADLINE_MS`; 0 lets none finish. */
  readonly deadlineMs?: number | undefined;
}
