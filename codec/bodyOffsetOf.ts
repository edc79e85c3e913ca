import {
  BODY_OFFSET_AFTER_INITIAL_REQUEST_N,
  HEADER_LENGTH,
  REQUEST_CHANNEL,
  REQUEST_STREAM,
} from './FrameHeaderDescriptor.ts';

/** Where metadata and data start in a REQUEST_* or PAYLOAD frame, in bytes from its own start. */
export function bodyOffsetOf(type: number): number {
  return type === REQUEST_STREAM || type === REQUEST_CHANNEL ? BODY_OFFSET_AFTER_INITIAL_REQUEST_N : HEADER_LENGTH;
}
