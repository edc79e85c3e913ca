import { MAX_FRAME_LENGTH, MIN_FRAGMENT_LENGTH } from '../codec/index.ts';
import { RSocketError } from '../flyweight/index.ts';

/** Longest frame that a connection sends unless said otherwise: longer payloads become fragments and take turns. */
export const WEBSOCKET_FRAME_LENGTH = 65_535;

/**
 * The longest frame to be sent, in bytes.
 * @throws RSocketError ERR_FLYSOCKET_FRAME_LIMIT if that is not from 64 to 16,777,215
 */
export function frameLimit(length: number = WEBSOCKET_FRAME_LENGTH): number {
  if (length >= MIN_FRAGMENT_LENGTH && length <= MAX_FRAME_LENGTH) return length;
  const message = `maxFrameLength=${length}, from ${MIN_FRAGMENT_LENGTH} to ${MAX_FRAME_LENGTH}`;
  throw new RSocketError('ERR_FLYSOCKET_FRAME_LIMIT', message);
}
