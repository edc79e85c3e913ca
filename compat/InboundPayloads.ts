import { Reassembler, type ReassemblerOptions, type Reassembly } from '../codec/index.ts';
import { PARTIAL_PAYLOAD_TIMEOUT_MS } from '../core/index.ts';
import {
  type DirectBuffer,
  ErrorCode,
  FrameFlag,
  FrameType,
  flagsOf,
  RSocketError,
  streamIdOf,
  typeAndFlagsOf,
  typeOf,
} from '../flyweight/index.ts';
import type { BufferPool } from '../pool/index.ts';

/**
 * Puts payloads together that come in fragments, with the bounds of `Reassembler` and a time in which they have to
 * become whole. That library can do it itself, without bounds, and with a copy of all that came before for each
 * fragment.
 */
export class InboundPayloads {
  readonly #reassembler: Reassembler;
  readonly #onOverdue: (streamId: number, error: RSocketError) => void;
  #timer: NodeJS.Timeout | undefined = undefined;

  /** @param onOverdue told of a stream whose payload has not become whole in time */
  constructor(
    pool: BufferPool,
    limits: ReassemblerOptions,
    onOverdue: (streamId: number, error: RSocketError) => void,
  ) {
    this.#reassembler = new Reassembler(pool, limits);
    this.#onOverdue = onOverdue;
  }

  /** True for a frame that is to be handed to `accept`. */
  isFragment(buffer: DirectBuffer, offset: number): boolean {
    const typeAndFlags = typeAndFlagsOf(buffer, offset);
    const type = typeOf(typeAndFlags);
    const isRequest = type >= FrameType.REQUEST_RESPONSE && type <= FrameType.REQUEST_CHANNEL;
    if (type !== FrameType.PAYLOAD && !isRequest) return false;
    if ((flagsOf(typeAndFlags) & FrameFlag.FOLLOWS) !== 0) return true;
    const reassembler = this.#reassembler;
    return reassembler.pendingStreams > 0 && reassembler.isPending(streamIdOf(buffer, offset));
  }

  /** @returns the payload if it is whole now, to be released; else null @throws RSocketError as `Reassembler.accept` */
  accept(buffer: DirectBuffer, offset: number, length: number): Reassembly | null {
    const typeAndFlags = typeAndFlagsOf(buffer, offset);
    const streamId = streamIdOf(buffer, offset);
    const reassembler = this.#reassembler;
    const whole = reassembler.accept(typeOf(typeAndFlags), flagsOf(typeAndFlags), streamId, buffer, offset, length);
    if (whole === null) this.#watch();
    return whole;
  }

  /** Forgets what a stream has sent of an unfinished payload. */
  discard(streamId: number): void {
    if (this.#reassembler.pendingStreams > 0) this.#reassembler.discard(streamId);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#reassembler.close();
  }

  #watch(): void {
    if (this.#timer !== undefined || this.#reassembler.pendingStreams === 0) return;
    this.#timer = setTimeout(() => this.#look(), PARTIAL_PAYLOAD_TIMEOUT_MS).unref();
  }

  #look(): void {
    this.#timer = undefined;
    for (const streamId of this.#reassembler.unfinishedSinceLastCall()) {
      this.#reassembler.discard(streamId);
      const message = `fragments are no payload after ${PARTIAL_PAYLOAD_TIMEOUT_MS} ms: streamId=${streamId}`;
      this.#onOverdue(streamId, new RSocketError('ERR_FLYSOCKET_PARTIAL_PAYLOAD', message, ErrorCode.INVALID));
    }
    this.#watch();
  }
}
