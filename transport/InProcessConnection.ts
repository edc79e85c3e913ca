/**
 * The in-process pair: two connections of one thread, each writing where the other reads. It serves specs, simulators
 * and callers that want a local peer behind the same interface.
 *
 * Each direction has two buffers of `capacity` bytes. Frames are written into one while the other is read:
 *
 *   filling   | length | padding, frame | length | padding, frame | ...     the writer's
 *   draining  | ...                                                          the reader's, swapped at each delivery
 *
 * A frame's record starts on an 8-byte boundary: int32 place of the frame in the buffer, int32 frame length.
 */
import { DirectBuffer, RSocketError } from '../flyweight/index.ts';
import { BACK_PRESSURED, CLOSED, type DuplexConnection, type FrameHandler } from './DuplexConnection.ts';

const RECORD_HEADER_LENGTH = 8;
const FRAME_LENGTH_OFFSET = 4;
const MAX_PADDING = 7;
/** Bytes that each direction can hold before `tryClaim` says `BACK_PRESSURED`, unless said otherwise. */
export const IN_PROCESS_CAPACITY = 65_536;
/** Least capacity: a frame of the shortest length that payloads are cut into must fit. */
export const MIN_IN_PROCESS_CAPACITY = 128;
/** Deliveries of one end that may follow each other before the event loop has a turn: an endless stream takes all. */
export const DELIVERIES_PER_TURN = 256;

/** How a pair is made. */
export interface InProcessOptions {
  /** Bytes each direction holds, rounded up to a multiple of 8. Default `IN_PROCESS_CAPACITY`. */
  readonly capacity?: number;
  /**
   * Runs a task soon, never within the call; a simulator hands in its own. Default `queueMicrotask` and, once in
   * `DELIVERIES_PER_TURN`, a turn of the event loop, so that timers and I/O have theirs.
   */
  readonly schedule?: (task: () => void) => void;
}

export class InProcessConnection implements DuplexConnection {
  readonly maxFrameLength: number;
  readonly onClose: Promise<RSocketError | undefined>;
  bytesReceived = 0;
  #filling: DirectBuffer;
  #draining: DirectBuffer;
  #filled = 0;
  #claimOffset = -1;
  #claimEnd = 0;
  #refused = false;
  #scheduled = false;
  /** `close` was called here or the peer has ended: nothing more is claimed. */
  #closed = false;
  /** It is over; `#told` once the handler, which may come late, knows. */
  #ended = false;
  #told = false;
  #error: RSocketError | undefined;
  #handler: FrameHandler | undefined;
  #peer!: InProcessConnection;
  #settle!: (error: RSocketError | undefined) => void;
  #deliveriesToTurn = DELIVERIES_PER_TURN;
  readonly #schedule: (task: () => void) => void;
  readonly #laterTurn: (task: () => void) => void;
  readonly #deliver: () => void;

  private constructor(capacity: number, schedule: ((task: () => void) => void) | undefined) {
    this.#filling = new DirectBuffer(new ArrayBuffer(capacity));
    this.#draining = new DirectBuffer(new ArrayBuffer(capacity));
    this.#schedule = schedule ?? queueMicrotask;
    this.#laterTurn = schedule ?? laterTurn;
    this.#deliver = () => this.#deliverToPeer();
    this.maxFrameLength = capacity - RECORD_HEADER_LENGTH - MAX_PADDING;
    this.onClose = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /**
   * Makes the two ends.
   * @throws RSocketError ERR_FLYSOCKET_IN_PROCESS_CAPACITY if the capacity is less than `MIN_IN_PROCESS_CAPACITY`
   */
  static pair(options: InProcessOptions = {}): [InProcessConnection, InProcessConnection] {
    const { capacity: wanted = IN_PROCESS_CAPACITY } = options;
    if (!(wanted >= MIN_IN_PROCESS_CAPACITY)) {
      const message = `capacity too small: capacity=${wanted}, at least ${MIN_IN_PROCESS_CAPACITY}`;
      throw new RSocketError('ERR_FLYSOCKET_IN_PROCESS_CAPACITY', message);
    }
    const capacity = (wanted + 7) & ~7;
    const left = new InProcessConnection(capacity, options.schedule);
    const right = new InProcessConnection(capacity, options.schedule);
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
    if (this.#ended) return;
    this.#endClaim(index);
    this.#filled = this.#claimEnd;
    this.#scheduleDelivery();
  }

  abort(index: number): void {
    if (this.#ended) return;
    this.#endClaim(index);
    this.#scheduleDelivery();
  }

  awaitWritable(): void {
    this.#refused = true;
    this.#scheduleDelivery();
  }

  flush(): void {
    this.#scheduleDelivery();
  }

  receive(handler: FrameHandler): void {
    this.#handler = handler;
    this.#schedule(() => {
      this.#peer.#deliverToPeer();
      if (this.#ended) this.#tellClosed();
      else this.#deliverToPeer();
    });
  }

  yieldSoon(): void {
    // Deliveries are microtasks, as what follows a promise is: it has its turn after the one that is under way.
  }

  close(error?: RSocketError): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#schedule(() => {
      this.#claimOffset = -1;
      this.#deliverToPeer();
      const peerIsOpen = !this.#peer.#closed;
      this.#end(error);
      if (peerIsOpen) this.#peer.#end(error);
    });
  }

  #endClaim(index: number): void {
    if (index !== this.#claimOffset) {
      const message = `no such claim: index=${index}, open=${this.#claimOffset}`;
      throw new RSocketError('ERR_FLYSOCKET_NO_CLAIM', message);
    }
    this.#claimOffset = -1;
  }

  #end(error: RSocketError | undefined): void {
    if (this.#ended) return;
    this.#closed = true;
    this.#ended = true;
    this.#error = error;
    this.#settle(error);
    this.#tellClosed();
  }

  #tellClosed(): void {
    if (this.#told || this.#handler === undefined) return;
    this.#told = true;
    this.#handler.onClosed(this.#error);
  }

  #scheduleDelivery(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    if (--this.#deliveriesToTurn > 0) {
      this.#schedule(this.#deliver);
      return;
    }
    this.#deliveriesToTurn = DELIVERIES_PER_TURN;
    this.#laterTurn(this.#deliver);
  }

  #deliverToPeer(): void {
    this.#scheduled = false;
    const peer = this.#peer;
    const handler = peer.#handler;
    // An open claim lies in the buffer that would be handed over; whoever closes it schedules anew.
    if (handler === undefined || peer.#told || this.#claimOffset >= 0) return;
    const draining = this.#filling;
    const filled = this.#filled;
    const refused = this.#refused && this.#handler !== undefined;
    this.#filling = this.#draining;
    this.#draining = draining;
    this.#filled = 0;
    if (refused) this.#refused = false;
    for (let offset = 0; offset < filled; ) {
      const frameOffset = draining.getInt32(offset);
      const frameLength = draining.getInt32(offset + FRAME_LENGTH_OFFSET);
      offset = (frameOffset + frameLength + 7) & ~7;
      peer.bytesReceived += frameLength;
      handler.onFrame(draining, frameOffset, frameLength);
    }
    if (refused && !this.#closed) (this.#handler as FrameHandler).onWritable();
  }
}

function laterTurn(task: () => void): void {
  if (typeof setImmediate === 'function') setImmediate(task);
  else setTimeout(task, 0);
}
