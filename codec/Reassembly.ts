import { NO_METADATA, PayloadFlyweight, RSocketError } from '../flyweight/index.ts';
import type { PooledBuffer } from '../pool/index.ts';
import { COMPLETE } from './FrameHeaderDescriptor.ts';

/** A reassembler, as what it gathers sees it. */
export interface ReassemblyOwner {
  recycle(reassembly: Reassembly): void;
}

/**
 * A payload that came in fragments, gathered whole, and what the frame it was meant to be would have said. Whoever got
 * it from `Reassembler.accept` owns it until `release`. Metadata and data lie in one pooled buffer:
 *
 *     offset   0           metadata length, rounded up to 8
 *              metadata    data                              (spare, filled as more fragments come)
 */
export class Reassembly {
  streamId: number;
  /** Of the first frame: one of the REQUEST_* types, or PAYLOAD. */
  type: number;
  /** As an unfragmented frame would have them: N on every PAYLOAD, C if this was the sender's last, M, no F. */
  flags: number;
  /** Of the first frame; 0 where its type has none. */
  initialRequestN: number;
  /** What was gathered. Valid until `release`. */
  readonly payload: PayloadFlyweight;

  /** The rest is the reassembler's. */
  pooled: PooledBuffer | null;
  metadataLength: number;
  dataStart: number;
  dataLength: number;
  fragments: number;
  inUse: boolean;
  next: Reassembly | null;
  readonly #owner: ReassemblyOwner;

  constructor(owner: ReassemblyOwner) {
    this.streamId = 0;
    this.type = 0;
    this.flags = 0;
    this.initialRequestN = 0;
    this.payload = new PayloadFlyweight();
    this.pooled = null;
    this.metadataLength = NO_METADATA;
    this.dataStart = 0;
    this.dataLength = 0;
    this.fragments = 0;
    this.inUse = false;
    this.next = null;
    this.#owner = owner;
  }

  /** The sender's half of the stream ends with this payload. */
  get complete(): boolean {
    return (this.flags & COMPLETE) !== 0;
  }

  /**
   * Gives the memory back; neither `payload` nor this object may be used after it.
   * @throws RSocketError ERR_FLYSOCKET_DOUBLE_RELEASE
   */
  release(): void {
    if (!this.inUse) {
      throw new RSocketError('ERR_FLYSOCKET_DOUBLE_RELEASE', `reassembly released twice: streamId=${this.streamId}`);
    }
    this.#owner.recycle(this);
  }
}
