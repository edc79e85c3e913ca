/** The small frames of a stream, which are never refused: they wait in the outbound queue if they must. */
import {
  encodeCancel,
  encodeError,
  encodePayloadComplete,
  encodeRequestN,
  lengthOfCancel,
  lengthOfError,
  lengthOfPayloadComplete,
  lengthOfRequestN,
} from '../codec/index.ts';
import { type CounterBlock, LinkCounter } from '../counters/index.ts';
import type { Outbound } from './Outbound.ts';

/** UTF-16 units of an error's message that are sent; the rest is cut off. */
export const MAX_ERROR_MESSAGE_LENGTH = 1_024;
/** UTF-8 bytes that one UTF-16 unit can take. */
const MAX_BYTES_PER_UNIT = 3;

export class ControlFrames {
  readonly #outbound: Outbound;
  readonly #counters: CounterBlock;
  readonly #maxMessageLength: number;

  /** @param maxFrameLength of the connection, in bytes */
  constructor(outbound: Outbound, maxFrameLength: number, counters: CounterBlock) {
    this.#outbound = outbound;
    this.#counters = counters;
    const room = Math.floor((maxFrameLength - lengthOfError('')) / MAX_BYTES_PER_UNIT);
    this.#maxMessageLength = Math.min(room, MAX_ERROR_MESSAGE_LENGTH);
  }

  requestN(streamId: number, n: number): void {
    const outbound = this.#outbound;
    this.#counters.add(LinkCounter.CREDIT_GRANTED, n);
    if (!outbound.place(streamId, lengthOfRequestN(), 0)) return;
    encodeRequestN(outbound.buffer, outbound.index, streamId, n);
    outbound.commit();
  }

  cancel(streamId: number): void {
    const outbound = this.#outbound;
    this.#counters.add(LinkCounter.CANCELS_SENT, 1);
    if (!outbound.place(streamId, lengthOfCancel(), 0)) return;
    encodeCancel(outbound.buffer, outbound.index, streamId);
    outbound.commit();
  }

  complete(streamId: number): void {
    const outbound = this.#outbound;
    if (!outbound.place(streamId, lengthOfPayloadComplete(), 0)) return;
    encodePayloadComplete(outbound.buffer, outbound.index, streamId);
    outbound.commit();
  }

  /** @param streamId 0 for an error of the connection */
  error(streamId: number, errorCode: number, message: string): void {
    const outbound = this.#outbound;
    this.#counters.add(LinkCounter.ERRORS_SENT, 1);
    const text = message.slice(0, this.#maxMessageLength);
    if (!outbound.place(streamId, lengthOfError(text), 0)) return;
    encodeError(outbound.buffer, outbound.index, streamId, errorCode, text);
    outbound.commit();
  }
}
