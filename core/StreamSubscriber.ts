import type { PayloadFlyweight, RSocketError } from '../flyweight/index.ts';

/**
 * Who is told what happens on a stream, on the low level. One object may serve any number of streams: every call names
 * its stream, and nothing is allocated to make the call.
 *
 * Signals of the inbound half (items from the peer): `onNext`*, then `onComplete` or `onError`, once.
 * Signals of the outbound half (items to the peer; responders, and both sides of a channel): `onRequestN`,
 * `onWritable`, `onCancel`. After `onError`, nothing; after both halves ended, nothing.
 *
 * All calls come on the connection's thread. What throws out of them ends its stream and is reported as uncaught.
 */
export interface StreamSubscriber {
  /** An item. The view is valid until this returns; copy what is to be kept. */
  onNext(payload: PayloadFlyweight, streamId: number): void;
  /** No more items from the peer. */
  onComplete(streamId: number): void;
  /** The stream has ended, in both directions: the peer's error, or the end of the connection. */
  onError(error: RSocketError, streamId: number): void;
  /** The peer grants `n` more items; `next` may send. Whatever was granted before is still valid. */
  onRequestN(n: number, streamId: number): void;
  /** After `next` said `BACK_PRESSURED`: there is room again. */
  onWritable(streamId: number): void;
  /**
   * The peer wants no more items; `next` sends no more on this stream. From a requester it ends the whole stream, with
   * what that was sending on a channel.
   */
  onCancel(streamId: number): void;
}

/** A subscriber that ignores everything: a base to start from, and what a responder has that answered at once. */
export class IgnoringSubscriber implements StreamSubscriber {
  onNext(_payload: PayloadFlyweight, _streamId: number): void {}
  onComplete(_streamId: number): void {}
  onError(_error: RSocketError, _streamId: number): void {}
  onRequestN(_n: number, _streamId: number): void {}
  onWritable(_streamId: number): void {}
  onCancel(_streamId: number): void {}
}

/** One such subscriber: it has no state, so it serves every stream. */
export const IGNORING_SUBSCRIBER: IgnoringSubscriber = new IgnoringSubscriber();
