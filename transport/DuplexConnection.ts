/**
 * What every transport is to the core: a place to write frames into, and frames that arrive.
 *
 *   out   tryClaim(length) -> index into `buffer` -> a flyweight writes the frame there -> commit(index)
 *   in    onFrame(buffer, offset, length), over the very bytes that arrived
 *
 * All methods and callbacks belong to one thread, that of the connection. Results are values; a throw means a caller's
 * bug. Frames keep their order. A frame is at most `maxFrameLength` bytes, without any length prefix.
 */
import type { CounterBlock } from '../counters/index.ts';
import type { DirectBuffer, PayloadFlyweight, RSocketError } from '../flyweight/index.ts';
import type { PooledBuffer } from '../pool/index.ts';

/** Result of `tryClaim`: no room now. Nothing was written, and exactly one `onWritable` follows. */
export const BACK_PRESSURED: -2 = -2;
/** Result of `tryClaim`: the connection is closed, or closing. Nothing comes after it. */
export const CLOSED: -4 = -4;

/** Result of `tryClaimLarge`: it has to go in fragments. */
export const NO_PLACE: -7 = -7;

/** What a connection over a network sends in one frame, however short fragments are to be: a SETUP is never cut. */
export const MIN_CONNECTION_FRAME_LENGTH = 1_024;

/** Who receives what a connection carries: the core, or a decorator between it and the transport. */
export interface FrameHandler {
  /**
   * A whole frame lies in `buffer` from `offset` on. The bytes are the transport's: they are valid until this returns,
   * and `buffer` may be another one the next time.
   */
  onFrame(buffer: DirectBuffer, offset: number, length: number): void;
  /** There is room again, once after each `BACK_PRESSURED` (or several of them in a row). */
  onWritable(): void;
  /** The last call of all: the peer closed, died or broke the rules (`error`), or `close` was called here. */
  onClosed(error: RSocketError | undefined): void;
}

export interface DuplexConnection {
  /** The memory that the open claim's index points into. Read it anew after each `tryClaim`. */
  readonly buffer: DirectBuffer;
  /** Longest frame in bytes that `tryClaim` can ever grant, at any alignment. */
  readonly maxFrameLength: number;
  /** A block of kind LINK, if it has one: the transport counts frames and bytes there, whoever uses it the rest. */
  readonly counters?: CounterBlock | undefined;
  /** Bytes that have arrived so far, also of a frame that is not whole yet: while it grows, the peer lives. */
  readonly bytesReceived: number;
  /** Settles when the connection has ended, with the error that ended it, if one did. Never rejects. */
  readonly onClose: Promise<RSocketError | undefined>;
  /**
   * Claims a place for one frame of exactly `length` bytes; at most one claim is open at a time. Does not allocate.
   * @param alignment 0 to 7: the frame's index shall be congruent with it modulo 8, so that a large payload lands where
   *   it can be copied by words; a transport that can't may ignore it
   * @returns the index of the frame's first byte in `buffer`, `BACK_PRESSURED` or `CLOSED`
   * @throws RSocketError ERR_FLYSOCKET_FRAME_TOO_LONG if `length` is above `maxFrameLength`
   */
  tryClaim(length: number, alignment: number): number;
  /**
   * As `tryClaim`, for a whole frame beyond `maxFrameLength`, where the transport has a way for it. If the payload's
   * data lies in memory that can be handed over to the peer, the place is around it: the data is where it belongs
   * already, and after `commit` the peer's. Allocates little, and nothing for each byte.
   * @returns also `NO_PLACE`
   */
  tryClaimLarge?(length: number, alignment: number, payload: PayloadFlyweight): number;
  /** Memory that can be handed over to the peer, with one reference for the caller; undefined if there is none. */
  allocate?(length: number): PooledBuffer | undefined;
  /**
   * Within `onFrame`: keeps that part of the frame where it lies, with one reference for the caller; undefined if it
   * cannot stay there.
   */
  retain?(data: DirectBuffer, offset: number, length: number): PooledBuffer | undefined;
  /** The claimed frame is written and may go. It leaves with the next flush, which follows within this turn. */
  commit(index: number): void;
  /** Asks for an `onWritable` in a later turn though nothing was refused: a sender without end lets others go first. */
  awaitWritable(): void;
  /** Gives the open claim back; nothing is sent. */
  abort(index: number): void;
  /** Publishes what was committed, at once. Transports do it themselves once per turn of the event loop. */
  flush(): void;
  /** Who gets the frames from now on. None is delivered before this was called. */
  receive(handler: FrameHandler): void;
  /** Delivers what was committed, then ends the connection. A second call does nothing. */
  close(error?: RSocketError): void;
  /** Told that callbacks have left work for the event loop (a settled promise, say), so it should soon get its turn. */
  yieldSoon(): void;
}
