/**
 * One end of a link between two threads: a ring out, a ring in, and a port that wakes and tells of death. It is the
 * `DuplexConnection` of shared memory: frames are written into the ring and read there.
 *
 *   ring message    | 0 to 7 bytes of padding | frame |      message type = FRAME + number of bytes of padding
 *
 * The padding puts the frame where its large part is congruent with its source modulo 8 (see `tryClaim`). A frame that
 * is too long for the ring may go by reference (`LinkBlocks`): the ring then carries where it lies.
 */
import { MAX_FRAME_LENGTH } from '../codec/index.ts';
import { type CounterBlock, LinkCounter, ThreadCounter } from '../counters/index.ts';
import { type DirectBuffer, type PayloadFlyweight, RSocketError } from '../flyweight/index.ts';
import type { PooledBuffer } from '../pool/index.ts';
import { BACK_PRESSURED, CLOSED, type FrameHandler, NO_PLACE } from '../transport/index.ts';
import { Doorbell, GOODBYE_MESSAGE } from './Doorbell.ts';
import type { DrainLoop, DrainSource } from './DrainLoop.ts';
import { LinkBlocks } from './LinkBlocks.ts';
import { WAITING_WORD_STRIDE } from './LinkControlDescriptor.ts';
import { LinkNotes } from './LinkNotes.ts';
import type { OneToOneRingBuffer } from './OneToOneRingBuffer.ts';
import { platform } from './platform.ts';
import { claimOpen, corruptPositions, notAFrame } from './ringErrors.ts';
import { BLOCK_MESSAGE_LENGTH } from './SharedBlocksDescriptor.ts';
import type { LinkPort } from './ThreadPlatform.ts';
import type { WorkerLink } from './WorkerLink.ts';

/** Message type of a frame without padding. */
const FRAME = 1;
const MAX_PADDING = 7;
/** More messages than any ring holds. */
const ALL_MESSAGES = 0x3fff_ffff;

/** What a link is made of; both ends agree on it in the handshake. */
interface LinkParts {
  /** 0 writes ring 0 and reads ring 1, 1 the other way. */
  readonly side: 0 | 1;
  readonly outboundRing: OneToOneRingBuffer;
  readonly inboundRing: OneToOneRingBuffer;
  /** The shared words of `LinkControlDescriptor`. */
  readonly control: SharedArrayBuffer;
  readonly port: LinkPort;
  /** The ThreadCell of the peer's thread. */
  readonly peerCell: SharedArrayBuffer;
  /** Tells of the end of that thread where ports do not. */
  readonly peerLife?: string | undefined;
  readonly loop: DrainLoop;
  /** Frames that the ring cannot take may go by reference, as far as the other side has that too. */
  readonly byReference: boolean;
  /** Of kind LINK. The link gives it back when it ends, and `ringCounters` too. */
  readonly counters: CounterBlock;
  readonly ringCounters: readonly CounterBlock[];
}

export class ShmLink implements WorkerLink, DrainSource {
  buffer: DirectBuffer;
  readonly maxFrameLength: number;
  readonly onClose: Promise<RSocketError | undefined>;
  readonly name: string;
  /** Of kind LINK. After the end, still good for `get`; then nobody else can count on reading it. */
  readonly counters: CounterBlock;
  readonly notes: LinkNotes;
  /** Frames by reference; undefined where they are not wanted. */
  readonly blocks: LinkBlocks | undefined;
  readonly #ringCounters: readonly CounterBlock[];
  readonly #outbound: OneToOneRingBuffer;
  readonly #inbound: OneToOneRingBuffer;
  readonly #waiting: Int32Array;
  readonly #ourWaitingWord: number;
  readonly #peerWaitingWord: number;
  readonly #port: LinkPort;
  readonly #stopListening: () => void;
  readonly #loop: DrainLoop;
  readonly #doorbell: Doorbell;
  readonly #onMessage: (type: number, buffer: DirectBuffer, index: number, length: number) => void;
  #settle!: (error: RSocketError | undefined) => void;
  #handler: FrameHandler | undefined;
  #claimIndex = -1;
  #claimedFrame = -1;
  #claimedLength = 0;
  #writableOwed = false;
  #closed = false;
  #peerIsGone = false;
  /** What was found wrong where the link could not end at once: its next drain ends it. */
  #failure: unknown;
  #framesCommitted = 0;
  #bytesCommitted = 0;
  #framesReceived = 0;
  #bytesReceived = 0;
  /** Those of earlier drains. */
  #bytesReceivedBefore = 0;

  constructor(parts: LinkParts) {
    this.#outbound = parts.outboundRing;
    this.#inbound = parts.inboundRing;
    this.buffer = parts.outboundRing.buffer;
    this.maxFrameLength = parts.outboundRing.maxMsgLength - MAX_PADDING;
    this.#waiting = new Int32Array(parts.control);
    this.#ourWaitingWord = parts.side * WAITING_WORD_STRIDE;
    this.#peerWaitingWord = (1 - parts.side) * WAITING_WORD_STRIDE;
    this.#port = parts.port;
    this.#loop = parts.loop;
    this.name = parts.counters.label;
    this.counters = parts.counters;
    this.#ringCounters = parts.ringCounters;
    this.notes = new LinkNotes(parts.port);
    this.blocks = parts.byReference ? new LinkBlocks(parts.outboundRing, this.notes) : undefined;
    this.#doorbell = new Doorbell(parts.peerCell, parts.port);
    this.#onMessage = (type, buffer, index, length) => this.#onRingMessage(type, buffer, index, length);
    this.onClose = new Promise((resolve) => {
      this.#settle = resolve;
    });
    const onMessage = (message: unknown): void => {
      if (message === GOODBYE_MESSAGE) this.#onPeerGone();
      else if (typeof message === 'number') this.#loop.onDoorbell(message);
      else this.notes.deliver(message);
    };
    this.#stopListening = platform.listen(this.#port, onMessage, () => this.#onPeerGone(), parts.peerLife);
    this.#loop.add(this);
  }

  get outboundUsage(): { used: number; capacity: number } {
    return { used: this.#outbound.size(), capacity: this.#outbound.capacity };
  }

  get bytesReceived(): number {
    return this.#bytesReceivedBefore + this.#bytesReceived;
  }

  ref(): void {
    if (!this.#closed) platform.ref(this.#port);
  }

  unref(): void {
    platform.unref(this.#port);
  }

  tryClaim(length: number, alignment: number): number {
    if (this.#closed) return CLOSED;
    if (this.#claimedFrame >= 0) throw claimOpen();
    if (length > this.maxFrameLength) {
      const message = `frame too long: length=${length}, maxFrameLength=${this.maxFrameLength}`;
      throw new RSocketError('ERR_FLYSOCKET_FRAME_TOO_LONG', message);
    }
    const index = this.#claimMessage(FRAME + alignment, alignment + length);
    if (index < 0) return index;
    this.#claimedFrame = index + alignment;
    this.#claimedLength = length;
    return index + alignment;
  }

  tryClaimLarge(length: number, alignment: number, payload: PayloadFlyweight): number {
    const blocks = this.blocks;
    if (blocks === undefined || length <= this.maxFrameLength || length > MAX_FRAME_LENGTH) return NO_PLACE;
    if (this.#closed) return CLOSED;
    if (this.#claimedFrame >= 0) throw claimOpen();
    if (!blocks.tryClaim(length, alignment, payload)) return NO_PLACE;
    const index = this.#claimMessage(blocks.messageType, BLOCK_MESSAGE_LENGTH);
    if (index < 0) return blocks.abort(index);
    this.buffer = blocks.memory;
    this.#claimedFrame = blocks.frameOffset;
    this.#claimedLength = length;
    return blocks.frameOffset;
  }

  #claimMessage(type: number, length: number): number {
    try {
      this.#claimIndex = this.#outbound.tryClaim(type, length);
    } catch (error) {
      // The head is where it cannot be. Whoever claims is in the midst of something: the end comes with the next pass.
      this.#failure = error;
      if (!this.#loop.isAwake) this.#loop.wake();
      return CLOSED;
    }
    if (this.#claimIndex >= 0) return this.#claimIndex;
    this.awaitWritable();
    return BACK_PRESSURED;
  }

  commit(index: number): void {
    if (index !== this.#claimedFrame) {
      this.#rejectClaim(index);
      return;
    }
    this.#claimedFrame = -1;
    if (this.#claimedLength > this.maxFrameLength) {
      this.buffer = this.#outbound.buffer;
      this.blocks?.commit(this.buffer, this.#claimIndex);
    }
    this.#outbound.commit(this.#claimIndex);
    this.#framesCommitted++;
    this.#bytesCommitted += this.#claimedLength;
    if (!this.#loop.isAwake) this.#loop.wake();
  }

  abort(index: number): void {
    if (index !== this.#claimedFrame) {
      this.#rejectClaim(index);
      return;
    }
    this.#claimedFrame = -1;
    if (this.#claimedLength > this.maxFrameLength) {
      this.buffer = this.#outbound.buffer;
      this.blocks?.abort();
    }
    this.#outbound.abort(this.#claimIndex);
  }

  /** The end of the link took the open claim with it: that is nobody's mistake. */
  #rejectClaim(index: number): void {
    if (this.#closed) return;
    throw new RSocketError('ERR_FLYSOCKET_NO_CLAIM', `no such claim: index=${index}, open=${this.#claimedFrame}`);
  }

  retain(data: DirectBuffer, offset: number, length: number): PooledBuffer | undefined {
    return this.blocks?.retain(data, offset, length);
  }

  allocate(length: number): PooledBuffer | undefined {
    return length > this.maxFrameLength ? this.blocks?.ours.tryAllocate(length) : undefined;
  }

  awaitWritable(): void {
    this.#writableOwed = true;
    if (!this.#loop.isAwake) this.#loop.wake();
  }

  flush(): void {
    if (this.#framesCommitted === 0) return;
    const counters = this.counters;
    counters.add(LinkCounter.FRAMES_SENT, this.#framesCommitted);
    counters.add(LinkCounter.BYTES_SENT, this.#bytesCommitted);
    counters.add(LinkCounter.FLUSHES, 1);
    this.#framesCommitted = 0;
    this.#bytesCommitted = 0;
    this.#outbound.flush();
    this.#wakePeer();
  }

  receive(handler: FrameHandler): void {
    this.#handler = handler;
    if (this.#peerIsGone) platform.nextTurn(() => this.#onPeerGone());
    else if (!this.#loop.isAwake) this.#loop.wake();
  }

  yieldSoon(): void {
    this.#loop.yieldSoon();
  }

  close(error?: RSocketError): void {
    if (this.#closed) return;
    this.flush();
    this.#end(error);
  }

  drain(limit: number): number {
    if (this.#closed) return 0;
    let messages = 0;
    try {
      if (this.#failure !== undefined) throw this.#failure;
      const handler = this.#handler;
      if (handler === undefined) return 0;
      messages = this.#inbound.read(this.#onMessage, limit);
      if (this.#closed) return messages;
      if (messages > 0) this.#afterRead();
      if (this.#writableOwed && this.#isHalfEmpty()) {
        this.#writableOwed = false;
        handler.onWritable();
      }
    } catch (error) {
      this.#fail(error);
    }
    return messages;
  }

  hasWork(): boolean {
    if (this.#closed) return false;
    if (this.#failure !== undefined || this.#framesCommitted !== 0) return true;
    if (this.#handler === undefined) return false;
    if (this.#inbound.size() !== 0) return true;
    if (!this.#writableOwed) return false;
    // Pairs with `afterRead` at the other end: it gives space back and then looks at this word.
    Atomics.store(this.#waiting, this.#ourWaitingWord, 1);
    const used = this.#outbound.size();
    return used <= this.#outbound.capacity >>> 1 || used > this.#outbound.capacity;
  }

  #isHalfEmpty(): boolean {
    const ring = this.#outbound;
    const used = ring.size();
    if (used >= 0 && used <= ring.capacity) return used <= ring.capacity >>> 1;
    throw corruptPositions(ring.label, ring.producerPosition(), ring.consumerPosition(), ring.capacity);
  }

  #afterRead(): void {
    this.#countReceived();
    if (Atomics.load(this.#waiting, this.#peerWaitingWord) === 0) return;
    if (this.#inbound.size() > this.#inbound.capacity >>> 1) return;
    Atomics.store(this.#waiting, this.#peerWaitingWord, 0);
    this.#wakePeer();
  }

  #wakePeer(): void {
    if (!this.#doorbell.ring()) return;
    this.counters.add(LinkCounter.DOORBELLS_RUNG, 1);
    this.#loop.counters.add(ThreadCounter.DOORBELLS_RUNG, 1);
  }

  #countReceived(): void {
    this.counters.add(LinkCounter.FRAMES_RECEIVED, this.#framesReceived);
    this.counters.add(LinkCounter.BYTES_RECEIVED, this.#bytesReceived);
    this.#bytesReceivedBefore += this.#bytesReceived;
    this.#framesReceived = 0;
    this.#bytesReceived = 0;
  }

  #onRingMessage(type: number, buffer: DirectBuffer, index: number, length: number): void {
    if (this.#closed) return;
    const padding = type - FRAME;
    if (padding > MAX_PADDING || padding > length) {
      if (this.blocks === undefined) throw notAFrame(type, length);
      this.#framesReceived++;
      this.#bytesReceived += this.blocks.receive(type, buffer, index, length, this.#handler as FrameHandler);
      return;
    }
    this.#framesReceived++;
    this.#bytesReceived += length - padding;
    (this.#handler as FrameHandler).onFrame(buffer, index + padding, length - padding);
  }

  #onPeerGone(): void {
    this.#peerIsGone = true;
    if (this.#closed) {
      this.#closePort();
      return;
    }
    if (this.#handler === undefined) {
      platform.unref(this.#port);
      return;
    }
    // What the peer had published is delivered first; nothing more can come, so this ends.
    while (!this.#closed && this.drain(ALL_MESSAGES) > 0);
    if (this.#closed) return;
    const isOrderly = this.#inbound.isProducerClosed();
    this.#end(isOrderly ? undefined : new RSocketError('ERR_FLYSOCKET_PEER_DIED', "the peer's thread has ended"));
  }

  /**
   * Whoever closes first says so and leaves the port open for the other side to close: until then that side may take
   * this thread's wake-up for a doorbell, and has to be able to deliver it, or the thread's other links wait for it.
   */
  #leavePort(): void {
    this.#port.postMessage(GOODBYE_MESSAGE);
    if (this.#peerIsGone) this.#closePort();
    else platform.unref(this.#port);
  }

  #closePort(): void {
    this.#stopListening();
    this.#port.close();
  }

  #fail(error: unknown): void {
    if (error instanceof RSocketError) {
      this.close(error);
      return;
    }
    this.#loop.counters.add(ThreadCounter.HANDLER_ERRORS, 1);
    const message = 'the handler of a frame threw';
    this.close(new RSocketError('ERR_FLYSOCKET_HANDLER_FAILED', message, undefined, { cause: error }));
  }

  #end(error: RSocketError | undefined): void {
    this.#closed = true;
    this.#claimedFrame = -1;
    this.#framesCommitted = 0;
    this.buffer = this.#outbound.buffer;
    this.blocks?.end(error);
    this.#outbound.closeProducer();
    this.#inbound.closeConsumer();
    this.#leavePort();
    this.#loop.remove(this);
    this.#countReceived();
    this.#settle(error);
    try {
      this.#handler?.onClosed(error);
    } catch (thrown) {
      queueMicrotask(() => {
        throw thrown;
      });
    }
    this.counters.detach();
    for (const block of this.#ringCounters) block.detach();
  }
}
