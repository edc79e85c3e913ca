import { type DirectBuffer, NO_METADATA, type PayloadFlyweight, type RSocketError } from '../flyweight/index.ts';
import { bodyOffsetOf } from './bodyOffsetOf.ts';
import {
  FLAGS_BITS,
  HEADER_LENGTH,
  METADATA,
  METADATA_LENGTH_SIZE,
  TYPE_AND_FLAGS_FIELD_OFFSET,
} from './FrameHeaderDescriptor.ts';
import { frameTooShort, metadataTooLong } from './malformedFrame.ts';

const U24_MASK = 0xffffff;

/**
 * Makes `payload` show metadata and data of a REQUEST_* or PAYLOAD frame, over the very bytes: nothing is copied and
 * nothing allocated. Reads the header and the metadata length once each and nothing outside the frame, so that a peer
 * who shares the memory and changes it meanwhile can't lead it out.
 *
 * @param offset where the frame starts in `buffer`, which holds all `length` bytes of it
 * @returns the frame's type and flags as they were read (see `FrameHeaderFlyweight.typeOf` and `flagsOf`)
 * @throws RSocketError ERR_FLYSOCKET_FRAME_TOO_SHORT, ERR_FLYSOCKET_METADATA_LENGTH (CONNECTION_ERROR); `payload` is
 *   then as it was
 */
export function decodePayload(buffer: DirectBuffer, offset: number, length: number, payload: PayloadFlyweight): number {
  if (length < HEADER_LENGTH) throw frameTooShort(0, length, HEADER_LENGTH);
  // `| 0` here and below keeps the sums from being checked for overflow.
  const typeAndFlags = buffer.getUint16((offset + TYPE_AND_FLAGS_FIELD_OFFSET) | 0);
  const type = typeAndFlags >>> FLAGS_BITS;
  const bodyOffset = bodyOffsetOf(type);
  const start = (offset + bodyOffset) | 0;
  const end = (offset + length) | 0;
  let metadataOffset = start;
  let metadataLength: number = NO_METADATA;
  let dataOffset = start;
  if ((typeAndFlags & METADATA) !== 0) {
    metadataOffset = (start + METADATA_LENGTH_SIZE) | 0;
    if (metadataOffset > end) throw tooShort(type, length, bodyOffset);
    // Three bytes read as the last of four, which the header before them makes safe: one access instead of two.
    metadataLength = buffer.getInt32((start - 1) | 0) & U24_MASK;
    dataOffset = (metadataOffset + metadataLength) | 0;
  }
  if (dataOffset > end) throw tooShort(type, length, bodyOffset);
  // Storing a reference costs more than finding it there already, as with every frame but the first (measured).
  if (payload.metadataBuffer !== buffer) payload.metadataBuffer = buffer;
  if (payload.dataBuffer !== buffer) payload.dataBuffer = buffer;
  payload.metadataOffset = metadataOffset;
  payload.metadataLength = metadataLength;
  payload.dataOffset = dataOffset;
  payload.dataLength = (end - dataOffset) | 0;
  return typeAndFlags;
}

/** The frame ends before its body begins, or its metadata reaches beyond it. */
function tooShort(type: number, length: number, bodyOffset: number): RSocketError {
  return length < bodyOffset ? frameTooShort(type, length, bodyOffset) : metadataTooLong(type, length, bodyOffset);
}
