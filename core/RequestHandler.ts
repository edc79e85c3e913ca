import type { PayloadFlyweight } from '../flyweight/index.ts';
import type { StreamSubscriber } from './StreamSubscriber.ts';
import type { ZeroCopyRSocket } from './ZeroCopyRSocket.ts';

/**
 * Who answers requests, on the low level. A view is valid until the call returns. Answers go through `peer`:
 * `peer.next(streamId, payload, true)`, within the call or later. What a method throws is answered with
 * ERROR[APPLICATION_ERROR]; a request without a method here, with ERROR[REJECTED].
 *
 * The subscriber that a method returns hears the rest of that stream (`onRequestN`, `onCancel`, `onWritable`, and for a
 * channel the requester's items); none is needed by who answers at once.
 */
export interface RequestHandler {
  requestResponse?(payload: PayloadFlyweight, streamId: number, peer: ZeroCopyRSocket): StreamSubscriber | undefined;
  fireAndForget?(payload: PayloadFlyweight, peer: ZeroCopyRSocket): void;
  /** @param initialRequestN how many items the requester takes for now */
  requestStream?(
    payload: PayloadFlyweight,
    initialRequestN: number,
    streamId: number,
    peer: ZeroCopyRSocket,
  ): StreamSubscriber | undefined;
  /**
   * The channel's first item comes as `payload`, the others through the subscriber, as many as
   * `peer.request(streamId, n)` grants.
   */
  requestChannel?(
    payload: PayloadFlyweight,
    initialRequestN: number,
    streamId: number,
    peer: ZeroCopyRSocket,
  ): StreamSubscriber;
  /** Metadata for the connection as a whole; the payload has no data. */
  metadataPush?(payload: PayloadFlyweight, peer: ZeroCopyRSocket): void;
}
