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

/**
 * Makes `payload` show metadata and data of a REQUEST_* or PAYLOAD frame, over the very bytes: nothing is copied and
 * nothing allocated. Reads the header and the metadata length once each and nothing outside the frame, so that a peer
 * who shares the memory and changes it meanwhile can't lead it out.
 *
 * @param offset where the frame starts in `buffer`, which holds all `length` bytes of it
 * @throws RSocketError ERR_FLYSOCKET_FRAME_TOO_SHORT, ERR_FLYSOCKET_METADATA_LENGTH (CONNECTION_ERROR); `payload` is
 *   then as it was
 */
export function decodePayload(buffer: DirectBuffer, offset: number, length: number, payload: PayloadFlyweight): void {
  if (length < HEADER_LENGTH) throw frameTooShort(0, length, HEADER_LENGTH);
  const typeAndFlags = buffer.getUint16(offset + TYPE_AND_FLAGS_FIELD_OFFSET);
  const type = typeAndFlags >>> FLAGS_BITS;
  const bodyOffset = bodyOffsetOf(type);
  if (length < bodyOffset) throw frameTooShort(type, length, bodyOffset);
  decodeBody(buffer, offset, length, type, bodyOffset, (typeAndFlags & METADATA) !== 0, payload);
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
  const start = offset + bodyOffset;
  const end = offset + length;
  if (!hasMetadata) {
    payload.metadataBuffer = buffer;
    payload.dataBuffer = buffer;
    payload.metadataOffset = start;
    payload.metadataLength = NO_METADATA;
    payload.dataOffset = start;
    payload.dataLength = end - start;
    return;
  }
  const metadataOffset = start + METADATA_LENGTH_SIZE;
  if (metadataOffset > end) throw metadataTooLong(type, length, bodyOffset);
  const metadataLength = buffer.getUint24(start);
  const dataOffset = metadataOffset + metadataLength;
  if (dataOffset > end) throw metadataTooLong(type, length, bodyOffset);
  payload.metadataBuffer = buffer;
  payload.dataBuffer = buffer;
  payload.metadataOffset = metadataOffset;
  payload.metadataLength = metadataLength;
  payload.dataOffset = dataOffset;
  payload.dataLength = end - dataOffset;
}
