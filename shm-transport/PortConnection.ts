/**
 * One end of a link between two threads that share no memory: frames travel as messages of a port. Those committed in
 * one turn lie in one ArrayBuffer (`PortBatchDescriptor`), which is transferred, so their bytes are written once and
 * read where they were written, as in a ring.
 *
 * Each direction has `MAX_BATCHES_IN_FLIGHT` batches. A batch counts from when its first frame is claimed until the
 * peer has given it back, after reading it: with its next batch, or by itself once it has a few. The last one waits for
 * that, unless it is full, and takes what is committed meanwhile. The buffers go round: what has been read is filled
 * and sent in the other direction, or goes back where it came from.
 *
 * The first frames of a turn leave in its next microtask, so that a lone request does not wait; the rest together, in
 * the turn after, so that a caller who awaits between frames does not send each by itself.
 */
import { type CounterBlock, LinkCounter } from '../counters/index.ts';
import { DirectBuffer, EMPTY_BUFFER, RSocketError } from '../flyweight/index.ts';
import { BACK_PRESSURED, CLOSED, type FrameHandler } from '../transport/index.ts';
import { GOODBYE_MESSAGE } from './Doorbell.ts';
import { LinkNotes } from './LinkNotes.ts';
import {
  BATCH_HEADER_LENGTH,
  FRAME_LENGTH_FIELD_OFFSET,
  FRAME_PLACE_FIELD_OFFSET,
  FRAME_RECORD_HEADER_LENGTH,
  GIVEN_BACK_FIELD_OFFSET,
  MAX_FRAME_PADDING,
  USED_FIELD_OFFSET,
} from './PortBatchDescriptor.ts';
import { corruptBatch, MAX_BATCHES_IN_FLIGHT, PortBatches } from './PortBatches.ts';
import { platform } from './platform.ts';
import type { LinkPort } from './ThreadPlatform.ts';
import type { WorkerLink } from './WorkerLink.ts';

/** `#filled` while there is no batch to fill. */
const NO_BATCH = 0;

/** What a connection over a port is made of; both ends agree on it in the handshake. */
interface PortParts {
  readonly port: LinkPort;
  /** Bytes of each batch, a multiple of 8. */
  readonly batchLength: number;
  /** Tells of the end of the peer's thread where ports do not. */
  readonly peerLife?: string | undefined;
  /** Of kind LINK. The connection gives it back when it ends. */
  readonly counters: CounterBlock;
}

export class PortConnection implements WorkerLink {
  readonly maxFrameLength: number;
  readonly onClose: Promise<RSocketError | undefined>;
  readonly name: string;
  readonly counters: CounterBlock;
  readonly notes: LinkNotes;
  readonly #port: LinkPort;
  readonly #batchLength: number;
  readonly #stopListening: () => void;
  readonly #onTurnEnd: () => void;
  readonly #onNextTurn: () => void;
  readonly #batches: PortBatches;
  /** What has come before there was a handler. */
  readonly #inbox: ArrayBuffer[] = [];
  #settle!: (error: RSocketError | undefined) => void;
  #handler: FrameHandler | undefined;
  /** The handler gets what comes; not before the turn after `receive`. */
  #isReceiving = false;
  /** The batch that is being filled, and up to where. */
  #filling: DirectBuffer = EMPTY_BUFFER;
  #filled: number = NO_BATCH;
  #claimedFrame = -1;
  #claimedEnd = 0;
  #claimedLength = 0;
  #framesCommitted = 0;
  #bytesCommitted = 0;
  #bytesReceived = 0;
  /** What waits will be sent, at the end of this turn or in the next. */
  #sendDue = false;
  /** No message and no turn of our own has come since the last batch went. */
  #sentThisTurn = false;
  #writableOwed = false;
  #closed = false;
  #peerIsGone = false;
  #saidGoodbye = false;
  #error: RSocketError | undefined;
  /** The handler, which may come late, knows of the end. */
  #told = false;

  constructor({ port, batchLength, counters, peerLife }: PortParts) {
    this.#port = port;
    this.#batchLength = batchLength;
    this.#batches = new PortBatches(batchLength);
    this.maxFrameLength = batchLength - BATCH_HEADER_LENGTH - FRAME_RECORD_HEADER_LENGTH - MAX_FRAME_PADDING;
    this.counters = counters;
    this.name = counters.label;
    this.notes = new LinkNotes(port);
    this.#onTurnEnd = () => {
      this.#sentThisTurn = true;
      this.#sendAll();
    };
    this.#onNextTurn = () => {
      this.#sentThisTurn = false;
      this.#sendAll();
      this.#tellWritable();
    };
    this.onClose = new Promise((resolve) => {
      this.#settle = resolve;
    });
    const onMessage = (message: unknown): void => this.#onMessage(message);
    this.#stopListening = platform.listen(port, onMessage, () => this.#onPeerGone(), peerLife);
  }

  get buffer(): DirectBuffer {
    return this.#filling;
  }

  get bytesReceived(): number {
    return this.#bytesReceived;
  }

  get outboundUsage(): { used: number; capacity: number } {
    const length = this.#batchLength;
    return { used: (MAX_BATCHES_IN_FLIGHT - this.#batches.free) * length, capacity: MAX_BATCHES_IN_FLIGHT * length };
  }

  ref(): void {
    if (!this.#closed) platform.ref(this.#port);
  }

  unref(): void {
    platform.unref(this.#port);
  }

  tryClaim(length: number, alignment: number): number {
    if (this.#closed) return CLOSED;
    if (this.#claimedFrame >= 0) throw new RSocketError('ERR_FLYSOCKET_CLAIM_OPEN', 'a claim is already open');
    if (length > this.maxFrameLength) {
      const message = `frame too long: length=${length}, maxFrameLength=${this.maxFrameLength}`;
      throw new RSocketError('ERR_FLYSOCKET_FRAME_TOO_LONG', message);
    }
    const needed = (FRAME_RECORD_HEADER_LENGTH + alignment + length + 7) & ~7;
    if (this.#filled + needed > this.#batchLength) this.#send();
    if (this.#filled === NO_BATCH && !this.#begin()) {
      this.#writableOwed = true;
      return BACK_PRESSURED;
    }
    const record = this.#filled;
    const index = record + FRAME_RECORD_HEADER_LENGTH + alignment;
    this.#filling.putInt32(record + FRAME_PLACE_FIELD_OFFSET, index);
    this.#filling.putInt32(record + FRAME_LENGTH_FIELD_OFFSET, length);
    this.#claimedFrame = index;
    this.#claimedEnd = record + needed;
    this.#claimedLength = length;
    return index;
  }

  commit(index: number): void {
    if (index !== this.#claimedFrame) {
      this.#rejectClaim(index);
      return;
    }
    this.#claimedFrame = -1;
    this.#filled = this.#claimedEnd;
    this.#framesCommitted++;
    this.#bytesCommitted += this.#claimedLength;
    if (!this.#sendDue) this.#sendSoon();
  }

  abort(index: number): void {
    if (index !== this.#claimedFrame) {
      this.#rejectClaim(index);
      return;
    }
    this.#claimedFrame = -1;
    if (this.#framesCommitted > 0 && !this.#sendDue) this.#sendSoon();
  }

  awaitWritable(): void {
    this.#writableOwed = true;
    platform.nextTurn(this.#onNextTurn);
  }

  flush(): void {
    if (this.#batches.free > 0) this.#send();
  }

  /** An open claim lies in the batch that would go: whoever closes it sees to what was committed before. */
  #send(): void {
    if (this.#framesCommitted === 0 || this.#claimedFrame >= 0) return;
    const { counters } = this;
    counters.add(LinkCounter.FRAMES_SENT, this.#framesCommitted);
    counters.add(LinkCounter.BYTES_SENT, this.#bytesCommitted);
    counters.add(LinkCounter.FLUSHES, 1);
    this.#framesCommitted = 0;
    this.#bytesCommitted = 0;
    const batch = this.#filling;
    batch.putInt32(USED_FIELD_OFFSET, this.#filled);
    batch.putInt32(GIVEN_BACK_FIELD_OFFSET, this.#batches.takeOwed());
    this.#filling = EMPTY_BUFFER;
    this.#filled = NO_BATCH;
    this.#port.postMessage(batch.buffer, [batch.buffer]);
  }

  receive(handler: FrameHandler): void {
    this.#handler = handler;
    platform.nextTurn(() => this.#beginReceiving());
  }

  yieldSoon(): void {
    // Each batch that comes is a turn of its own already.
  }

  close(error?: RSocketError): void {
    if (this.#closed) return;
    this.#claimedFrame = -1;
    this.#send();
    this.#end(error);
  }

  #rejectClaim(index: number): void {
    if (this.#closed) return;
    throw new RSocketError('ERR_FLYSOCKET_NO_CLAIM', `no such claim: index=${index}, open=${this.#claimedFrame}`);
  }

  #begin(): boolean {
    const batch = this.#batches.begin();
    if (batch === undefined) return false;
    this.#filling = batch;
    this.#filled = BATCH_HEADER_LENGTH;
    return true;
  }

  #sendSoon(): void {
    this.#sendDue = true;
    if (this.#sentThisTurn) platform.nextTurn(this.#onNextTurn);
    else queueMicrotask(this.#onTurnEnd);
  }

  #sendAll(): void {
    this.#sendDue = false;
    this.flush();
    if (this.#batches.mustGiveBack) this.#giveBack();
  }

  #giveBack(): void {
    if (this.#closed) return;
    const count = this.#batches.takeOwed();
    const buffers = this.#batches.takeSpares(count);
    this.#port.postMessage([count, ...buffers], buffers);
  }

  #onMessage(message: unknown): void {
    this.#sentThisTurn = false;
    if (message instanceof ArrayBuffer) {
      this.#bytesReceived += message.byteLength;
      if (this.#isReceiving) this.#read(message);
      else this.#keep(message);
    } else if (Array.isArray(message)) {
      this.#onGivenBack(message);
    } else if (message === GOODBYE_MESSAGE) {
      this.#saidGoodbye = true;
      this.#onPeerGone();
    } else {
      this.notes.deliver(message);
    }
  }

  #keep(memory: ArrayBuffer): void {
    if (this.#closed) return;
    this.#inbox.push(memory);
    if (this.#inbox.length > MAX_BATCHES_IN_FLIGHT) this.close(corruptBatch(`${this.#inbox.length} batches in flight`));
  }

  #beginReceiving(): void {
    this.#isReceiving = true;
    if (this.#closed) this.#tellClosed();
    for (const memory of this.#inbox.splice(0)) this.#read(memory);
    if (this.#peerIsGone) this.#onPeerGone();
  }

  #read(memory: ArrayBuffer): void {
    if (this.#closed) return;
    try {
      const batch = new DirectBuffer(memory);
      this.#readBatch(batch);
      if (this.#closed) return;
      this.#batches.onRead(batch);
      this.#afterRead();
    } catch (error) {
      this.#fail(error);
    }
  }

  #readBatch(batch: DirectBuffer): void {
    if (batch.capacity !== this.#batchLength) throw corruptBatch(`length=${batch.capacity}, not ${this.#batchLength}`);
    const handler = this.#handler as FrameHandler;
    const used = batch.getInt32(USED_FIELD_OFFSET);
    if (used < BATCH_HEADER_LENGTH || used > batch.capacity) throw corruptBatch(`used=${used} of ${batch.capacity}`);
    this.#batches.onGivenBack(batch.getInt32(GIVEN_BACK_FIELD_OFFSET));
    let frames = 0;
    let bytes = 0;
    for (let record = BATCH_HEADER_LENGTH; record < used && !this.#closed; ) {
      const index = batch.getInt32(record + FRAME_PLACE_FIELD_OFFSET);
      const length = batch.getInt32(record + FRAME_LENGTH_FIELD_OFFSET);
      const padding = index - record - FRAME_RECORD_HEADER_LENGTH;
      if (padding < 0 || padding > MAX_FRAME_PADDING || length < 0 || length > used - index) {
        throw corruptBatch(`record=${record}, place=${index}, length=${length}, used=${used}`);
      }
      record = (index + length + 7) & ~7;
      frames++;
      bytes += length;
      handler.onFrame(batch, index, length);
    }
    this.counters.add(LinkCounter.FRAMES_RECEIVED, frames);
    this.counters.add(LinkCounter.BYTES_RECEIVED, bytes);
  }

  #onGivenBack([count, ...buffers]: unknown[]): void {
    if (this.#closed) return;
    try {
      this.#batches.onGivenBack(count);
      for (const memory of buffers) this.#batches.keep(new DirectBuffer(memory as ArrayBuffer));
      this.#afterRead();
    } catch (error) {
      this.#fail(error);
    }
  }

  #afterRead(): void {
    const isSomethingWaiting = this.#framesCommitted > 0 || this.#batches.mustGiveBack;
    if (isSomethingWaiting && !this.#sendDue) this.#sendSoon();
    this.#tellWritable();
  }

  #tellWritable(): void {
    if (!this.#writableOwed || this.#closed || !this.#isReceiving || !this.#batches.mayWrite) return;
    this.#writableOwed = false;
    try {
      (this.#handler as FrameHandler).onWritable();
    } catch (error) {
      this.#fail(error);
    }
  }

  #onPeerGone(): void {
    this.#peerIsGone = true;
    if (this.#closed) this.#closePort();
    else if (!this.#isReceiving) platform.unref(this.#port);
    else if (this.#saidGoodbye) this.#end(undefined);
    else this.#end(new RSocketError('ERR_FLYSOCKET_PEER_DIED', "the peer's thread has ended"));
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
    this.#claimedFrame = -1;
    this.#framesCommitted = 0;
    this.#filling = EMPTY_BUFFER;
    this.#inbox.length = 0;
    // Who says it first leaves the port open until it is answered: what was sent before it has been read by then.
    this.#port.postMessage(GOODBYE_MESSAGE);
    if (this.#peerIsGone) this.#closePort();
    else platform.unref(this.#port);
    this.#error = error;
    this.#settle(error);
    this.#tellClosed();
    this.counters.detach();
  }

  #closePort(): void {
    this.#stopListening();
    this.#port.close();
  }

  #tellClosed(): void {
    if (this.#told || this.#handler === undefined) return;
    this.#told = true;
    try {
      this.#handler.onClosed(this.#error);
    } catch (thrown) {
      queueMicrotask(() => {
        throw thrown;
      });
    }
  }
}
