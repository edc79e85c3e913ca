import { ErrorCode, RSocketError } from '../flyweight/index.ts';

/** What an ERROR frame on stream 0 becomes: `code` tells the spec's codes apart, `errorCode` has the number. */
export function connectionError(errorCode: number, message: string): RSocketError {
  return new RSocketError(codeOf(errorCode), message, errorCode);
}

/** True for the codes that have a meaning only before the connection is established. */
export function isSetupErrorCode(errorCode: number): boolean {
  return errorCode >= ErrorCode.INVALID_SETUP && errorCode <= ErrorCode.REJECTED_RESUME;
}

function codeOf(errorCode: number): string {
  switch (errorCode) {
    case ErrorCode.INVALID_SETUP:
      return 'ERR_FLYSOCKET_INVALID_SETUP';
    case ErrorCode.UNSUPPORTED_SETUP:
      return 'ERR_FLYSOCKET_UNSUPPORTED_SETUP';
    case ErrorCode.REJECTED_SETUP:
      return 'ERR_FLYSOCKET_REJECTED_SETUP';
    case ErrorCode.REJECTED_RESUME:
      return 'ERR_FLYSOCKET_REJECTED_RESUME';
    default:
      return 'ERR_FLYSOCKET_CONNECTION_ERROR';
  }
}
