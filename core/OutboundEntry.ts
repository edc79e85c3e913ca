import { Fragmenter } from '../codec/index.ts';
import { PayloadFlyweight } from '../flyweight/index.ts';
import type { PooledBuffer } from '../pool/index.ts';

/**
 * What waits in the outbound queue: one encoded frame, or a payload whose fragments are still to be sent. The bytes lie
 * in `pooled`, which the entry owns. Entries are pooled by their `Outbound`.
 */
export class OutboundEntry {
  next: OutboundEntry | undefined = undefined;
  streamId = 0;
  pooled: PooledBuffer | undefined = undefined;
  /** Where the encoded frame starts in `pooled.buffer`, and its length; unused by fragments. */
  frameOffset = 0;
  frameLength = 0;
  /** Bytes charged against the queue's bound. */
  charged = 0;
  fragmented = false;
  /** The payload is a request's: the peer knows the stream only when its last fragment has come. */
  isRequest = false;
  /** The stream was cancelled or failed: nothing more of this is sent. */
  dropped = false;
  /** After the last fragment of a request, a REQUEST_N of so many; 0 for none. */
  thenRequestN = 0;
  /** After the last fragment, a PAYLOAD that completes this half of the stream. */
  thenComplete = false;
  readonly payload: PayloadFlyweight = new PayloadFlyweight();
  readonly fragmenter: Fragmenter = new Fragmenter();

  recycle(): void {
    this.next = undefined;
    this.streamId = 0;
    this.pooled = undefined;
    this.fragmented = false;
    this.isRequest = false;
    this.thenRequestN = 0;
    this.dropped = false;
    this.thenComplete = false;
    this.payload.clear();
  }
}
