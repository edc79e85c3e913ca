import { type DirectBuffer, NO_METADATA, PayloadFlyweight, RSocketError } from '../flyweight/index.ts';
import { alignmentOf } from './alignmentOf.ts';
import { bodyOffsetOf } from './bodyOffsetOf.ts';
import { lengthOfRequest } from './encodeRequest.ts';
import {
  COMPLETE,
  FOLLOWS,
  INITIAL_REQUEST_N_FIELD_OFFSET,
  METADATA,
  METADATA_LENGTH_SIZE,
  NEXT,
  PAYLOAD,
  REQUEST_CHANNEL,
  REQUEST_STREAM,
} from './FrameHeaderDescriptor.ts';
import { putBody } from './putBody.ts';
import { putHeader } from './putHeader.ts';

/** Least `maxFrameLength` of a fragmenting sender: peers refuse fragments much smaller, but the last. */
export const MIN_FRAGMENT_LENGTH = 64;

/**
 * True if the payload does not fit one frame of `maxFrameLength` bytes, length prefix not counted.
 * @param type one of the four REQUEST_* types, or PAYLOAD
 */
export function needsFragments(type: number, payload: PayloadFlyweight, maxFrameLength: number): boolean {
  return lengthOfRequest(type, payload) > maxFrameLength;
}

/**
 * Writes one payload as a sequence of frames, each at most so long (spec: "Fragmentation and Reassembly"). Reusable,
 * one sequence at a time; allocates nothing for fragments of up to 4 KiB.
 *
 *     REQUEST_CHANNEL  F M    header, initialRequestN, metadata length, metadata ...
 *     PAYLOAD          F M N  header, metadata length, the rest of the metadata, data ...
 *     PAYLOAD          F   N  header, data ...
 *     PAYLOAD          C   N  header, the rest of the data
 *
 * Each frame but the last is exactly `maxFrameLength` long. M is set where there is metadata in the frame, or where
 * the payload's metadata is present and empty, on the first; N on every PAYLOAD; C on the last frame only, which for
 * REQUEST_CHANNEL is a PAYLOAD. A payload that fits one frame becomes one, without F.
 */
export class Fragmenter {
  #type: number = PAYLOAD;
  #streamId = 0;
  #flags = 0;
  #initialRequestN = 0;
  #maxFrameLength: number = MIN_FRAGMENT_LENGTH;
  #payload: PayloadFlyweight = new PayloadFlyweight();
  /** Bytes of each that have been written. */
  #metadataPosition = 0;
  #dataPosition = 0;
  #isFirst = false;
  #hasNext = false;
  /** What the next frame carries. */
  readonly #part: PayloadFlyweight = new PayloadFlyweight();

  /**
   * Begins a sequence; a sequence that was not finished is forgotten.
   *
   * `payload` is read anew for each frame: until the last one is written it must show the same bytes, though they may
   * move to other memory in between. The fragmenter keeps the object, and owns no bytes.
   *
   * @param type one of the four REQUEST_* types, or PAYLOAD
   * @param flags `FrameFlag.NEXT`, `FrameFlag.COMPLETE` for a PAYLOAD; COMPLETE or 0 for REQUEST_CHANNEL; else 0
   * @param initialRequestN 1 to 2^31 - 1 for REQUEST_STREAM and REQUEST_CHANNEL, else of no meaning
   * @param maxFrameLength longest frame in bytes, length prefix not counted
   * @throws RSocketError ERR_FLYSOCKET_FRAGMENT_LENGTH if `maxFrameLength` is less than MIN_FRAGMENT_LENGTH
   */
  start(
    type: number,
    streamId: number,
    flags: number,
    initialRequestN: number,
    payload: PayloadFlyweight,
    maxFrameLength: number,
  ): void {
    if (!(maxFrameLength >= MIN_FRAGMENT_LENGTH)) {
      throw new RSocketError(
        'ERR_FLYSOCKET_FRAGMENT_LENGTH',
        `fragments too short: maxFrameLength=${maxFrameLength}, at least ${MIN_FRAGMENT_LENGTH}`,
      );
    }
    this.#type = type;
    this.#streamId = streamId;
    this.#flags = flags & (COMPLETE | NEXT);
    this.#initialRequestN = initialRequestN;
    this.#maxFrameLength = maxFrameLength;
    this.#payload = payload;
    this.#metadataPosition = 0;
    this.#dataPosition = 0;
    this.#isFirst = true;
    this.#prepare();
  }

  /** True until the last frame is written. */
  get hasNext(): boolean {
    return this.#hasNext;
  }

  /** Bytes of the next frame. Of no meaning without one. */
  nextLength(): number {
    return lengthOfRequest(this.#type, this.#part);
  }

  /** Where the next frame should start, modulo 8: see `alignmentOf`. Of no meaning without one. */
  nextAlignment(): number {
    this.#locate();
    return alignmentOf(this.#type, this.#part);
  }

  /**
   * Writes the next frame into a place of `nextLength()` bytes that the caller has claimed.
   * @returns the length of the frame in bytes
   */
  encodeNext(buffer: DirectBuffer, offset: number): number {
    const type = this.#type;
    const part = this.#part;
    this.#locate();
    const metadataLength = part.metadataLength;
    const dataPosition = this.#dataPosition + part.dataLength;
    const metadataPosition = this.#metadataPosition + Math.max(metadataLength, 0);
    const payload = this.#payload;
    const isLast = dataPosition === payload.dataLength && metadataPosition >= payload.metadataLength;
    putHeader(buffer, offset, this.#streamId, type, this.#nextFlags(isLast));
    if (type === REQUEST_STREAM || type === REQUEST_CHANNEL) {
      buffer.putInt32(offset + INITIAL_REQUEST_N_FIELD_OFFSET, this.#initialRequestN);
    }
    const length = putBody(buffer, offset + bodyOffsetOf(type), part) - offset;
    this.#metadataPosition = metadataPosition;
    this.#dataPosition = dataPosition;
    this.#type = PAYLOAD;
    this.#isFirst = false;
    if (isLast) this.#hasNext = false;
    else this.#prepare();
    return length;
  }

  #nextFlags(isLast: boolean): number {
    let flags = this.#part.metadataLength >= 0 ? METADATA : 0;
    if (!isLast) flags |= FOLLOWS;
    else flags |= this.#flags & COMPLETE;
    // A fragment of an item carries N, whatever the sequence began with; a PAYLOAD on its own has what it was given.
    if (this.#type === PAYLOAD) flags |= this.#isFirst && isLast ? this.#flags & NEXT : NEXT;
    return flags;
  }

  /** Decides how much of metadata and data the next frame carries. */
  #prepare(): void {
    const payload = this.#payload;
    const part = this.#part;
    const metadataLeft = payload.metadataLength - this.#metadataPosition;
    let room = this.#maxFrameLength - bodyOffsetOf(this.#type);
    part.metadataLength = NO_METADATA;
    if (metadataLeft > 0 || (this.#isFirst && payload.metadataLength === 0)) {
      room -= METADATA_LENGTH_SIZE;
      part.metadataLength = Math.min(metadataLeft, room);
      room -= part.metadataLength;
    }
    part.dataLength = Math.min(payload.dataLength - this.#dataPosition, room);
    this.#hasNext = true;
  }

  /** Finds what the next frame carries, wherever the payload lies now. */
  #locate(): void {
    const payload = this.#payload;
    const part = this.#part;
    part.metadataBuffer = payload.metadataBuffer;
    part.metadataOffset = payload.metadataOffset + this.#metadataPosition;
    part.dataBuffer = payload.dataBuffer;
    part.dataOffset = payload.dataOffset + this.#dataPosition;
  }
}
