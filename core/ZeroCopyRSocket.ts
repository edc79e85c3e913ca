import type { PayloadFlyweight } from '../flyweight/index.ts';
import type { PooledBuffer } from '../pool/index.ts';
import type { StreamSubscriber } from './StreamSubscriber.ts';

/**
 * The low level of a peer: frames written where they will be read, views in callbacks, streams named by their ids, and
 * results as values. Nothing here allocates in steady state. Both ends of a connection have it: either requests.
 *
 * A stream id is good for ever: what is asked of a stream that has ended does nothing, or answers `STREAM_CLOSED`.
 * A payload handed in is read before the call returns.
 */
export interface ZeroCopyRSocket {
  /**
   * @returns the stream's id, above 0; or `BACK_PRESSURED` or `NO_LEASE` (nothing was sent; see `whenWritable`),
   *   `TOO_MANY_STREAMS`, or `CLOSED`
   * @throws RSocketError ERR_FLYSOCKET_POOL_EXHAUSTED if a payload that needs fragments finds no memory to wait in
   */
  requestResponse(payload: PayloadFlyweight, subscriber: StreamSubscriber): number;
  /** As `requestResponse`, but nothing comes back: the result is `SENT` or the reason why not. */
  fireAndForget(payload: PayloadFlyweight): number;
  /**
   * Sends metadata about the connection as a whole, which is never fragmented; the payload's data is not sent.
   * @returns `SENT`, `BACK_PRESSURED` or `CLOSED`
   * @throws RSocketError ERR_FLYSOCKET_FRAME_TOO_LONG
   */
  metadataPush(payload: PayloadFlyweight): number;
  /** @param initialRequestN items granted at once: 1 or more; 2^31 - 1 and above replenish themselves for ever */
  requestStream(payload: PayloadFlyweight, initialRequestN: number, subscriber: StreamSubscriber): number;
  /** @param complete the payload is the only item that this side sends */
  requestChannel(
    payload: PayloadFlyweight,
    initialRequestN: number,
    complete: boolean,
    subscriber: StreamSubscriber,
  ): number;

  /**
   * Sends an item on a stream whose outbound half is open: an answer, or the next item of a stream or channel.
   * @param complete it is the last one; always so for a request-response
   * @returns `SENT`; or, with nothing sent and no credit used, `NO_DEMAND` (`onRequestN` follows when the peer grants
   *   more), `BACK_PRESSURED` (`onWritable` follows; an answer is queued instead) or `STREAM_CLOSED`
   * @throws RSocketError ERR_FLYSOCKET_POOL_EXHAUSTED as for a request
   */
  next(streamId: number, payload: PayloadFlyweight, complete: boolean): number;
  /**
   * For who could send without end: `onWritable` follows on this stream in a later turn, after what has arrived
   * meanwhile and after the other streams that wait.
   */
  pause(streamId: number): void;
  /** Ends the outbound half without a further item. */
  complete(streamId: number): void;
  /** Ends the stream, in both directions, with an ERROR frame. */
  error(streamId: number, errorCode: number, message: string): void;
  /** Grants the peer `n` more items on a stream whose inbound half is open. @param n 1 or more */
  request(streamId: number, n: number): void;
  /**
   * Within a call that shows `payload`: keeps its data beyond it, where it lies, with one reference for the caller, who
   * releases it. Sent from there to this peer it is not copied.
   * @returns undefined if the data lies in memory that is used again at once: copy it
   */
  retain(payload: PayloadFlyweight): PooledBuffer | undefined;
  /** Wants no more items: a requester's cancel ends the stream, a responder's the inbound half of its channel. */
  cancel(streamId: number): void;
  /**
   * Calls `listener` once when a request may succeed that was refused: there is room again after `BACK_PRESSURED`, a
   * lease has come after `NO_LEASE`, or the connection has ended.
   */
  whenWritable(listener: () => void): void;
}

/** Result of `next`: the peer has not granted another item. */
export const NO_DEMAND: -1 = -1;
/** Result of a request: `maxStreams` are open. */
export const TOO_MANY_STREAMS: -3 = -3;
/** Result of `next`: no such stream, or its outbound half has ended. */
export const STREAM_CLOSED: -5 = -5;
/** Result of a request: the peer allows none now, by its lease, or because it has not been let in yet. */
export const NO_LEASE: -6 = -6;
