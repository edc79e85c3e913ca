import { type DirectBuffer, NO_METADATA, type PayloadFlyweight } from '../flyweight/index.ts';
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
  const typeAndFlags = buffer.getUint16(offset + TYPE_AND_FLAGS_FIELD_OFFSET);
  const type = typeAndFlags >>> FLAGS_BITS;
  const bodyOffset = bodyOffsetOf(type);
  if (length < bodyOffset) throw frameTooShort(type, length, bodyOffset);
  decodeBody(buffer, offset, length, type, bodyOffset, (typeAndFlags & METADATA) !== 0, payload);
  return typeAndFlags;
}

/** As `decodePayload`, for any frame that ends with metadata and data and has them at `bodyOffset`. */
export function decodeBody(
  buffer: DirectBuffer,
  offset: number,
  length: number,
  type: number,
  bodyOffset: number,
  hasMetadata: boolean,
  payload: PayloadFlyweight,
): void {
  // `| 0` here and below keeps the sums from being checked for overflow.
  const start = (offset + bodyOffset) | 0;
  const end = (offset + length) | 0;
  if (!hasMetadata) {
    payload.metadataBuffer = buffer;
    payload.dataBuffer = buffer;
    payload.metadataOffset = start;
    payload.metadataLength = NO_METADATA;
    payload.dataOffset = start;
    payload.dataLength = (end - start) | 0;
    return;
  }
  const metadataOffset = (start + METADATA_LENGTH_SIZE) | 0;
  if (metadataOffset > end) throw metadataTooLong(type, length, bodyOffset);
  // Three bytes read as the last of four, which the header before them makes safe: one access instead of two.
  const metadataLength = buffer.getInt32(start - 1) & U24_MASK;
  const dataOffset = (metadataOffset + metadataLength) | 0;
  if (dataOffset > end) throw metadataTooLong(type, length, bodyOffset);
  // Storing a reference costs more than finding it there already, as with every frame but the first (measured).
  if (payload.metadataBuffer !== buffer) payload.metadataBuffer = buffer;
  if (payload.dataBuffer !== buffer) payload.dataBuffer = buffer;
  payload.metadataOffset = metadataOffset;
  payload.metadataLength = metadataLength;
  payload.dataOffset = dataOffset;
  payload.dataLength = (end - dataOffset) | 0;
}
