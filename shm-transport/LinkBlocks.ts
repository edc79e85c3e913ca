/**
 * Frames by reference over one link (layout: `SharedBlocksDescriptor`). Each side offers the other its thread's memory
 * when it has its first large frame to send, and sends by reference from when the other has said that it sees it:
 *
 *   sender   --- BlocksOffer (memory) ---> receiver        by the port, once; until it is answered: fragments
 *            <-- BlocksTaken -------------
 *            === BLOCK: where the frame lies ===>          by the ring, in order with all other frames
 *            <-- the block's state: OWNED -------          when it was read, or is no longer kept
 *            <== BLOCK_BACK: the same block ======         or with another frame around the data
 *
 * For the link's thread.
 */
import { type DirectBuffer, type PayloadFlyweight, RSocketError } from '../flyweight/index.ts';
import type { PooledBuffer } from '../pool/index.ts';
import type { FrameHandler } from '../transport/index.ts';
import type { LinkNotes } from './LinkNotes.ts';
import type { OneToOneRingBuffer } from './OneToOneRingBuffer.ts';
import { PeerBlocks } from './PeerBlocks.ts';
import { notAFrame } from './ringErrors.ts';
import { type BlockCarrier, SharedBlocks } from './SharedBlocks.ts';
import {
  BLOCK_MESSAGE_LENGTH,
  CHUNKS_FIELD_OFFSET,
  FIRST_CHUNK_FIELD_OFFSET,
  FRAME_LENGTH_FIELD_OFFSET,
  FRAME_OFFSET_FIELD_OFFSET,
  HEADROOM_LENGTH,
} from './SharedBlocksDescriptor.ts';

/** Message type of a frame in a block of the sender's, and in one of the receiver's. */
const BLOCK = 9;
const BLOCK_BACK = 10;

interface BlocksOffer {
  readonly flysocket: 'blocks';
  readonly memory: SharedArrayBuffer;
}

const TAKEN_NOTE = { flysocket: 'blocks-taken' } as const;

export class LinkBlocks implements BlockCarrier {
  /** The frame that is being written, or being shown: where it lies. */
  memory: DirectBuffer;
  frameOffset = 0;
  frameLength = 0;
  isPeerDead = false;
  isEnded = false;
  readonly #outbound: OneToOneRingBuffer;
  readonly #notes: LinkNotes;
  #ours: SharedBlocks | undefined;
  #isOffered = false;
  #isTaken = false;
  #theirs: PeerBlocks | undefined;
  /** The block of the open claim. */
  #claimed = -1;
  #claimedChunks = 0;
  #isClaimedTheirs = false;
  /** It was taken for this frame alone. */
  #isClaimedNew = false;
  /** The block whose frame is being shown. */
  #shown = -1;
  #shownChunks = 0;
  #isShownTheirs = false;
  #isShownPassedOn = false;

  /** @param ours the blocks to send from; without it those of the thread, from when there is something to send */
  constructor(outbound: OneToOneRingBuffer, notes: LinkNotes, ours?: SharedBlocks) {
    this.memory = outbound.buffer;
    this.#outbound = outbound;
    this.#notes = notes;
    this.#ours = ours;
    notes.add((note) => {
      if (isOffer(note)) this.#accept(note.memory);
      else if ((note as { flysocket?: unknown } | null)?.flysocket === TAKEN_NOTE.flysocket) this.#isTaken = true;
    });
  }

  get isReaderGone(): boolean {
    return this.isPeerDead || this.#outbound.isConsumerClosed();
  }

  /** The peer has blocks of this side's. */
  get isOwed(): boolean {
    return this.#ours?.hasSentBy(this) ?? false;
  }

  /** This side's blocks, offered to the peer from now on. */
  get ours(): SharedBlocks {
    this.#ours ??= SharedBlocks.ofThisThread();
    if (!this.#isOffered) {
      this.#isOffered = true;
      this.#notes.send({ flysocket: 'blocks', memory: this.#ours.memory.buffer as SharedArrayBuffer });
    }
    return this.#ours;
  }

  /**
   * Finds a place for a frame whose data is that of `payload`: around the data, if it lies in a block that is here, or
   * in a new block. Then `frameOffset` in `memory` is its place.
   * @returns false if there is none
   */
  tryClaim(length: number, alignment: number, payload: PayloadFlyweight): boolean {
    if (this.#claimAround(length, payload)) return true;
    const ours = this.ours;
    if (!this.#isTaken) return false;
    const first = ours.take(HEADROOM_LENGTH + alignment + length);
    if (first < 0) return false;
    this.#claim(first, ours.chunksOf(first), false, true, ours.indexOf(first) + HEADROOM_LENGTH + alignment, length);
    return true;
  }

  /** The message type of the claimed frame. */
  get messageType(): number {
    return this.#isClaimedTheirs ? BLOCK_BACK : BLOCK;
  }

  /** Writes what the peer needs to know into the claimed message of the ring: the block is on its way. */
  commit(buffer: DirectBuffer, index: number): void {
    const first = this.#claimed;
    buffer.putInt32Native(index + FIRST_CHUNK_FIELD_OFFSET, first);
    buffer.putInt32Native(index + CHUNKS_FIELD_OFFSET, this.#claimedChunks);
    buffer.putInt32Native(index + FRAME_OFFSET_FIELD_OFFSET, this.frameOffset);
    buffer.putInt32Native(index + FRAME_LENGTH_FIELD_OFFSET, this.frameLength);
    this.#claimed = -1;
    if (first === this.#shown && this.#isClaimedTheirs === this.#isShownTheirs) this.#isShownPassedOn = true;
    if (this.#isClaimedTheirs) (this.#theirs as PeerBlocks).sendBack(first);
    else this.ours.send(first, this);
  }

  /** The claimed frame is not sent. @returns `reason` */
  abort(reason = 0): number {
    const first = this.#claimed;
    this.#claimed = -1;
    if (first >= 0 && this.#isClaimedNew) this.ours.untake(first);
    return reason;
  }

  /**
   * The peer has sent a frame by reference. @returns its length
   * @throws RSocketError ERR_FLYSOCKET_RING_CORRUPT if there can be no such frame; what the handler throws
   */
  receive(type: number, buffer: DirectBuffer, index: number, length: number, handler: FrameHandler): number {
    if ((type !== BLOCK && type !== BLOCK_BACK) || length !== BLOCK_MESSAGE_LENGTH) throw notAFrame(type, length);
    this.#show(type, buffer, index);
    const frameLength = this.frameLength;
    try {
      handler.onFrame(this.memory, this.frameOffset, frameLength);
    } finally {
      this.#hide();
    }
    return frameLength;
  }

  /** The link has ended. */
  end(error: RSocketError | undefined): void {
    this.abort();
    this.isEnded = true;
    if (error?.code === 'ERR_FLYSOCKET_PEER_DIED') this.isPeerDead = true;
  }

  #show(type: number, buffer: DirectBuffer, index: number): void {
    const first = buffer.getInt32Native(index + FIRST_CHUNK_FIELD_OFFSET);
    const chunks = buffer.getInt32Native(index + CHUNKS_FIELD_OFFSET);
    const offset = buffer.getInt32Native(index + FRAME_OFFSET_FIELD_OFFSET);
    const length = buffer.getInt32Native(index + FRAME_LENGTH_FIELD_OFFSET);
    const isTheirs = type === BLOCK;
    if (!(isTheirs ? this.#takeTheirs(first, chunks, offset, length) : this.#takeBack(first, offset, length))) {
      const where = `first=${first}, chunks=${chunks}, offset=${offset}, length=${length}`;
      throw new RSocketError('ERR_FLYSOCKET_RING_CORRUPT', `no such block: type=${type}, ${where}`);
    }
    this.#shown = first;
    this.#shownChunks = chunks;
    this.#isShownTheirs = isTheirs;
    this.#isShownPassedOn = false;
    this.frameOffset = offset;
    this.frameLength = length;
    this.memory = isTheirs ? (this.#theirs as PeerBlocks).memory : this.ours.memory;
  }

  #hide(): void {
    const first = this.#shown;
    this.#shown = -1;
    if (!this.#isShownTheirs) this.ours.readBack(first);
    else if (!this.#isShownPassedOn) (this.#theirs as PeerBlocks).handBackUnlessKept(first);
  }

  /** Keeps bytes of the frame that is being shown; undefined if they lie elsewhere. */
  retain(data: DirectBuffer, offset: number, length: number): PooledBuffer | undefined {
    if (this.#shown < 0 || this.#isShownPassedOn) return undefined;
    const theirs = this.#theirs;
    if (this.#isShownTheirs) {
      return data === theirs?.memory ? theirs.hold(this.#shown, this.#shownChunks, offset, length) : undefined;
    }
    return data === this.ours.memory ? this.ours.hold(this.#shown, offset, length) : undefined;
  }

  #claimAround(length: number, payload: PayloadFlyweight): boolean {
    const data = payload.dataBuffer;
    const memory = data.buffer;
    const isTheirs = memory === this.#theirs?.memory.buffer;
    if (!isTheirs && (!this.#isTaken || memory !== this.#ours?.memory.buffer)) return false;
    const end = data.byteOffset + payload.dataOffset + payload.dataLength;
    const offset = end - length;
    if (isMetadataInTheWay(payload)) return false;
    const first = isTheirs ? this.#theirBlockAt(end - payload.dataLength) : this.ours.blockAt(end - payload.dataLength);
    if (first < 0) return false;
    const start = isTheirs ? (this.#theirs as PeerBlocks).indexOf(first) : this.ours.indexOf(first);
    const chunks = isTheirs ? this.#theirChunksOf(first) : this.ours.chunksOf(first);
    const blockEnd = isTheirs ? (this.#theirs as PeerBlocks).indexOf(first + chunks) : this.ours.endOf(first);
    if (offset < start || end > blockEnd) return false;
    this.#claim(first, chunks, isTheirs, false, offset, length);
    return true;
  }

  #claim(first: number, chunks: number, isTheirs: boolean, isNew: boolean, offset: number, length: number): void {
    this.#claimed = first;
    this.#claimedChunks = chunks;
    this.#isClaimedTheirs = isTheirs;
    this.#isClaimedNew = isNew;
    this.frameOffset = offset;
    this.frameLength = length;
    this.memory = isTheirs ? (this.#theirs as PeerBlocks).memory : this.ours.memory;
  }

  /** Of the blocks that are here: the one being shown, or one that is kept. */
  #theirBlockAt(index: number): number {
    const theirs = this.#theirs as PeerBlocks;
    const isShown = this.#shown >= 0 && this.#isShownTheirs && !this.#isShownPassedOn;
    if (isShown && index >= theirs.indexOf(this.#shown) && index < theirs.indexOf(this.#shown + this.#shownChunks)) {
      return this.#shown;
    }
    return theirs.blockAt(index);
  }

  #theirChunksOf(first: number): number {
    const isShown = this.#isShownTheirs && first === this.#shown;
    return isShown ? this.#shownChunks : ((this.#theirs as PeerBlocks).keptAt(first)?.chunks ?? 0);
  }

  #takeTheirs(first: number, chunks: number, offset: number, length: number): boolean {
    const theirs = this.#theirs;
    if (theirs === undefined || !theirs.isSound(first, chunks, offset, length)) return false;
    theirs.take(first);
    return true;
  }

  #takeBack(first: number, offset: number, length: number): boolean {
    const ours = this.ours;
    const isWithin = length >= 0 && offset >= ours.indexOf(first) && offset + length <= ours.endOf(first);
    return isWithin && ours.receiveBack(first, this);
  }

  #accept(memory: SharedArrayBuffer): void {
    if (!PeerBlocks.isBlocks(memory)) return;
    this.#theirs = new PeerBlocks(memory);
    this.#notes.send(TAKEN_NOTE);
  }
}

function isOffer(note: unknown): note is BlocksOffer {
  const { flysocket, memory } = (note ?? {}) as { flysocket?: unknown; memory?: unknown };
  return flysocket === 'blocks' && typeof SharedArrayBuffer !== 'undefined' && memory instanceof SharedArrayBuffer;
}

/** Metadata that shares the block with the data, and not right before it, would be written over. */
function isMetadataInTheWay(payload: PayloadFlyweight): boolean {
  if (payload.metadataLength <= 0 || payload.metadataBuffer.buffer !== payload.dataBuffer.buffer) return false;
  const metadataEnd = payload.metadataBuffer.byteOffset + payload.metadataOffset + payload.metadataLength;
  return metadataEnd !== payload.dataBuffer.byteOffset + payload.dataOffset;
}
