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
  streamId = 0;
  /** Of the first frame: one of the REQUEST_* types, or PAYLOAD. */
  type = 0;
  /** As an unfragmented frame would have them: N on every PAYLOAD, C if this was the sender's last, M, no F. */
  flags = 0;
  /** Of the first frame; 0 where its type has none. */
  initialRequestN = 0;
  /** What was gathered. Valid until `release`. */
  readonly payload: PayloadFlyweight = new PayloadFlyweight();

  /** The rest is the reassembler's. */
  pooled: PooledBuffer | null = null;
  metadataLength: number = NO_METADATA;
  dataStart = 0;
  dataLength = 0;
  fragments = 0;
  /** It was unfinished when somebody last looked. */
  isOld = false;
  inUse = false;
  next: Reassembly | null = null;
  readonly #owner: ReassemblyOwner;

  constructor(owner: ReassemblyOwner) {
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
