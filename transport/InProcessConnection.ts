/**
 * The in-process pair: two connections of one thread, each writing where the other reads. It serves specs, simulators
 * and callers that want a local peer behind the same interface.
 *
 * Each direction has two buffers of `capacity` bytes. Frames are written into one while the other is read:
 *
 *   filling   | length | padding, frame | length | padding, frame | ...     the writer's
 *   draining  | ...                                                          the reader's, swapped at each delivery
 *
 * A frame's record starts on an 8-byte boundary: int32 place of the frame within the record, int32 frame length.
 */
import { DirectBuffer, RSocketError } from '../flyweight/index.ts';
import { BACK_PRESSURED, CLOSED, type DuplexConnection, type FrameHandler } from './DuplexConnection.ts';

const RECORD_HEADER_LENGTH = 8;
const FRAME_LENGTH_OFFSET = 4;
/** Bytes that each direction can hold before `tryClaim` says `BACK_PRESSURED`. */
export const IN_PROCESS_CAPACITY = 65_536;

export interface InProcessOptions {
  /** Bytes each direction holds. Default `IN_PROCESS_CAPACITY`. */
  readonly capacity?: number;
  /** Runs a task soon, never within the call. Default `queueMicrotask`; a simulator hands in its own. */
  readonly schedule?: (task: () => void) => void;
}

export class InProcessConnection implements DuplexConnection {
  readonly maxFrameLength: number;
  readonly onClose: Promise<RSocketError | undefined>;
  #filling: DirectBuffer;
  #draining: DirectBuffer;
  #filled = 0;
  #claimOffset = -1;
  #claimEnd = 0;
  #refused = false;
  #scheduled = false;
  #closed = false;
  #handler: FrameHandler | undefined;
  #peer!: InProcessConnection;
  #settle!: (error: RSocketError | undefined) => void;
  readonly #schedule: (task: () => void) => void;
  readonly #deliver: () => void;

  private constructor(capacity: number, schedule: (task: () => void) => void) {
    this.#filling = new DirectBuffer(new ArrayBuffer(capacity));
    this.#draining = new DirectBuffer(new ArrayBuffer(capacity));
    this.#schedule = schedule;
    this.#deliver = () => this.#deliverToPeer();
    this.maxFrameLength = capacity - RECORD_HEADER_LENGTH - 7;
    this.onClose = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /** Makes the two ends. */
  static pair(options: InProcessOptions = {}): [InProcessConnection, InProcessConnection] {
    const capacity = options.capacity ?? IN_PROCESS_CAPACITY;
    const schedule = options.schedule ?? queueMicrotask;
    const left = new InProcessConnection(capacity, schedule);
    const right = new InProcessConnection(capacity, schedule);
    left.#peer = right;
    right.#peer = left;
    return [left, right];
  }

  get buffer(): DirectBuffer {
    return this.#filling;
  }

  tryClaim(length: number, alignment: number): number {
    if (this.#closed) return CLOSED;
    if (this.#claimOffset >= 0) throw new RSocketError('ERR_FLYSOCKET_CLAIM_OPEN', 'a claim is already open');
    if (length > this.maxFrameLength) {
      const message = `frame too long: length=${length}, maxFrameLength=${this.maxFrameLength}`;
      throw new RSocketError('ERR_FLYSOCKET_FRAME_TOO_LONG', message);
    }
    const frameOffset = this.#filled + RECORD_HEADER_LENGTH + alignment;
    const end = (frameOffset + length + 7) & ~7;
    if (end > this.#filling.capacity) {
      this.#refused = true;
      this.#scheduleDelivery();
      return BACK_PRESSURED;
    }
    this.#filling.putInt32(this.#filled, frameOffset);
    this.#filling.putInt32(this.#filled + FRAME_LENGTH_OFFSET, length);
    this.#claimOffset = frameOffset;
    this.#claimEnd = end;
    return frameOffset;
  }

  commit(index: number): void {
    this.#endClaim(index);
    this.#filled = this.#claimEnd;
    this.#scheduleDelivery();
  }

  abort(index: number): void {
    this.#endClaim(index);
  }

  #endClaim(index: number): void {
    if (index !== this.#claimOffset) {
      const message = `no such claim: index=${index}, open=${this.#claimOffset}`;
      throw new RSocketError('ERR_FLYSOCKET_NO_CLAIM', message);
    }
    this.#claimOffset = -1;
  }

  flush(): void {
    this.#scheduleDelivery();
  }

  receive(handler: FrameHandler): void {
    this.#handler = handler;
    this.#peer.#scheduleDelivery();
  }

  yieldSoon(): void {
    // Each delivery is a turn of its own already.
  }

  close(error?: RSocketError): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#schedule(() => {
      this.#deliverToPeer();
      const peer = this.#peer;
      const peerWasOpen = !peer.#closed;
      peer.#closed = true;
      this.#end(error);
      if (peerWasOpen) peer.#end(error);
    });
  }

  #end(error: RSocketError | undefined): void {
    this.#settle(error);
    this.#handler?.onClosed(error);
  }

  #scheduleDelivery(): void {
    if (this.#scheduled || this.#closed) return;
    this.#scheduled = true;
    this.#schedule(this.#deliver);
  }

  #deliverToPeer(): void {
    this.#scheduled = false;
    const handler = this.#peer.#handler;
    if (handler === undefined) return;
    const draining = this.#filling;
    const filled = this.#filled;
    this.#filling = this.#draining;
    this.#draining = draining;
    this.#filled = 0;
    for (let offset = 0; offset < filled; ) {
      const frameOffset = draining.getInt32(offset);
      const frameLength = draining.getInt32(offset + FRAME_LENGTH_OFFSET);
      offset = (frameOffset + frameLength + 7) & ~7;
      handler.onFrame(draining, frameOffset, frameLength);
    }
    if (this.#refused && !this.#closed) {
      this.#refused = false;
      this.#handler?.onWritable();
    }
  }
}
