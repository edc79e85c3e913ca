/**
 * One end of a link between two threads: a ring out, a ring in, and a port that wakes and tells of death. It is the
 * `DuplexConnection` of shared memory: frames are written into the ring and read there.
 *
 *   ring message    | 0 to 7 bytes of padding | frame |      message type = FRAME + number of bytes of padding
 *
 * The padding puts the frame where its large part is congruent with its source modulo 8 (see `tryClaim`).
 */
import type { MessagePort } from 'node:worker_threads';
import { type CounterBlock, LinkCounter } from '../counters/index.ts';
import { type DirectBuffer, RSocketError } from '../flyweight/index.ts';
import { BACK_PRESSURED, CLOSED, type DuplexConnection, type FrameHandler } from '../transport/index.ts';
import { Doorbell } from './Doorbell.ts';
import type { DrainLoop, DrainSource } from './DrainLoop.ts';
import { WAITING_WORD_STRIDE } from './LinkControl.ts';
import type { OneToOneRingBuffer } from './OneToOneRingBuffer.ts';

/** Message type of a frame without padding. */
const FRAME = 1;
const MAX_PADDING = 7;

/** What a link is made of; both ends agree on it in the handshake. */
export interface LinkParts {
  /** 0 writes ring 0 and reads ring 1, 1 the other way. */
  readonly side: 0 | 1;
  readonly outboundRing: OneToOneRingBuffer;
  readonly inboundRing: OneToOneRingBuffer;
  /** `LinkControl` memory. */
  readonly control: SharedArrayBuffer;
  readonly port: MessagePort;
  /** The ThreadCell of the peer's thread. */
  readonly peerCell: SharedArrayBuffer;
  readonly loop: DrainLoop;
  readonly counters: CounterBlock;
}

export class ShmLink implements DuplexConnection, DrainSource {
  readonly buffer: DirectBuffer;
  readonly maxFrameLength: number;
  readonly onClose: Promise<RSocketError | undefined>;
  readonly counters: CounterBlock;
  readonly #outbound: OneToOneRingBuffer;
  readonly #inbound: OneToOneRingBuffer;
  readonly #waiting: Int32Array;
  readonly #ourWaitingWord: number;
  readonly #peerWaitingWord: number;
  readonly #port: MessagePort;
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
  #framesCommitted = 0;
  #bytesCommitted = 0;
  #bytesReceived = 0;

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
    this.counters = parts.counters;
    this.#doorbell = new Doorbell(parts.peerCell, parts.port);
    this.#onMessage = (type, buffer, index, length) => this.#onRingMessage(type, buffer, index, length);
    this.onClose = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#port.on('message', () => this.#loop.onDoorbell());
    this.#port.on('close', () => this.#onPeerGone());
    this.#loop.add(this);
  }

  /** Bytes in the outbound ring that the peer has not given back, and what it holds at most. */
  get outboundUsage(): { used: number; capacity: number } {
    return { used: this.#outbound.size(), capacity: this.#outbound.capacity };
  }

  /** The process stays alive for this link. So it does from the start. */
  ref(): void {
    if (!this.#closed) this.#port.ref();
  }

  /** The process may exit though this link is open. */
  unref(): void {
    this.#port.unref();
  }

  tryClaim(length: number, alignment: number): number {
    if (this.#closed) return CLOSED;
    if (length > this.maxFrameLength) {
      const message = `frame too long: length=${length}, maxFrameLength=${this.maxFrameLength}`;
      throw new RSocketError('ERR_FLYSOCKET_FRAME_TOO_LONG', message);
    }
    let index: number;
    try {
      index = this.#outbound.tryClaim(FRAME + alignment, alignment + length);
    } catch (error) {
      this.#fail(error);
      return CLOSED;
    }
    if (index < 0) {
      this.#writableOwed = true;
      if (!this.#loop.isAwake) this.#loop.wake();
      return BACK_PRESSURED;
    }
    this.#claimIndex = index;
    this.#claimedFrame = index + alignment;
    this.#claimedLength = length;
    return index + alignment;
  }

  commit(index: number): void {
    if (index !== this.#claimedFrame) throw noSuchClaim(index, this.#claimedFrame);
    this.#claimedFrame = -1;
    this.#outbound.commit(this.#claimIndex);
    this.#framesCommitted++;
    this.#bytesCommitted += this.#claimedLength;
    if (!this.#loop.isAwake) this.#loop.wake();
  }

  abort(index: number): void {
    if (index !== this.#claimedFrame) throw noSuchClaim(index, this.#claimedFrame);
    this.#claimedFrame = -1;
    this.#outbound.abort(this.#claimIndex);
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
    if (this.#doorbell.ring()) counters.add(LinkCounter.DOORBELLS_RUNG, 1);
  }

  receive(handler: FrameHandler): void {
    this.#handler = handler;
    if (!this.#loop.isAwake) this.#loop.wake();
  }

  yieldSoon(): void {
    this.#loop.yieldSoon();
  }

  close(error?: RSocketError): void {
    if (this.#closed) return;
    this.flush();
    this.#end(error);
  }

  /** For `connectWorker`, which hears of a worker's exit: the same as the end of the port. */
  peerGone(): void {
    this.#onPeerGone();
  }

  drain(limit: number): number {
    if (this.#handler === undefined || this.#closed) return 0;
    let messages = 0;
    try {
      messages = this.#inbound.read(this.#onMessage, limit);
    } catch (error) {
      this.#fail(error);
      return 0;
    }
    if (messages > 0) this.#afterRead(messages);
    if (this.#writableOwed && this.#isHalfEmpty()) {
      this.#writableOwed = false;
      this.#handler.onWritable();
    }
    return messages;
  }

  hasWork(): boolean {
    if (this.#closed || this.#handler === undefined) return false;
    if (this.#inbound.size() !== 0 || this.#framesCommitted !== 0) return true;
    if (!this.#writableOwed) return false;
    // Pairs with `afterRead` at the other end: it gives space back and then looks at this word.
    Atomics.store(this.#waiting, this.#ourWaitingWord, 1);
    return this.#isHalfEmpty();
  }

  #isHalfEmpty(): boolean {
    return this.#outbound.size() <= this.#outbound.capacity >>> 1;
  }

  #afterRead(messages: number): void {
    const counters = this.counters;
    counters.add(LinkCounter.FRAMES_RECEIVED, messages);
    counters.add(LinkCounter.BYTES_RECEIVED, this.#bytesReceived);
    this.#bytesReceived = 0;
    if (Atomics.load(this.#waiting, this.#peerWaitingWord) === 0) return;
    if (this.#inbound.size() > this.#inbound.capacity >>> 1) return;
    Atomics.store(this.#waiting, this.#peerWaitingWord, 0);
    if (this.#doorbell.ring()) counters.add(LinkCounter.DOORBELLS_RUNG, 1);
  }

  #onRingMessage(type: number, buffer: DirectBuffer, index: number, length: number): void {
    const padding = type - FRAME;
    if (padding > MAX_PADDING || padding > length) {
      const message = `not a frame: type=${type}, length=${length}`;
      throw new RSocketError('ERR_FLYSOCKET_RING_CORRUPT', message);
    }
    this.#bytesReceived += length - padding;
    if (this.#closed) return;
    (this.#handler as FrameHandler).onFrame(buffer, index + padding, length - padding);
  }

  #onPeerGone(): void {
    if (this.#closed) return;
    // What the peer had published is delivered first; nothing more can come, so this ends.
    while (!this.#closed && this.drain(Number.MAX_SAFE_INTEGER) > 0);
    if (this.#closed) return;
    const isOrderly = this.#inbound.isProducerClosed();
    this.#end(isOrderly ? undefined : new RSocketError('ERR_FLYSOCKET_PEER_DIED', "the peer's thread has ended"));
  }

  #fail(error: unknown): void {
    if (error instanceof RSocketError) {
      this.close(error);
      return;
    }
    const message = 'the handler of a frame threw';
    this.close(new RSocketError('ERR_FLYSOCKET_HANDLER_FAILED', message, undefined, { cause: error }));
  }

  #end(error: RSocketError | undefined): void {
    this.#closed = true;
    this.#outbound.closeProducer();
    this.#inbound.closeConsumer();
    this.#doorbell.ring();
    this.#port.close();
    this.#loop.remove(this);
    this.#settle(error);
    this.#handler?.onClosed(error);
  }
}

function noSuchClaim(index: number, open: number): RSocketError {
  return new RSocketError('ERR_FLYSOCKET_NO_CLAIM', `no such claim: index=${index}, open=${open}`);
}
