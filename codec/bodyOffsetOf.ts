import { BODY_OFFSET_AFTER_INITIAL_REQUEST_N, HEADER_LENGTH, REQUEST_STREAM } from './FrameHeaderDescriptor.ts';

/** Where metadata and data start in a REQUEST_* or PAYLOAD frame, in bytes from its own start. */
export function bodyOffsetOf(type: number): number {
  // REQUEST_STREAM and REQUEST_CHANNEL differ in the last bit alone.
  return (type & ~1) === REQUEST_STREAM ? BODY_OFFSET_AFTER_INITIAL_REQUEST_N : HEADER_LENGTH;
}
