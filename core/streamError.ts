import { ErrorCode, RSocketError } from '../flyweight/index.ts';

/** What an ERROR frame on a stream becomes: `code` tells the spec's codes apart, `errorCode` has the number. */
export function streamError(errorCode: number, message: string): RSocketError {
  return new RSocketError(codeOf(errorCode), message, errorCode);
}

function codeOf(errorCode: number): string {
  switch (errorCode) {
    case ErrorCode.APPLICATION_ERROR:
      return 'ERR_FLYSOCKET_APPLICATION_ERROR';
    case ErrorCode.REJECTED:
      return 'ERR_FLYSOCKET_REJECTED';
    case ErrorCode.CANCELED:
      return 'ERR_FLYSOCKET_CANCELED';
    case ErrorCode.INVALID:
      return 'ERR_FLYSOCKET_INVALID';
    default:
      return 'ERR_FLYSOCKET_STREAM_ERROR';
  }
}
