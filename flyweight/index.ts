/** Views over memory that own none of it: buffers, payloads, and one flyweight for each RSocket frame. */
export { DirectBuffer } from './DirectBuffer.ts';
export { ErrorCode } from './ErrorCode.ts';
export { FrameFlag } from './FrameFlag.ts';
export { FrameType } from './FrameType.ts';
export { NO_METADATA, PayloadFlyweight } from './PayloadFlyweight.ts';
export { RSocketError } from './RSocketError.ts';
