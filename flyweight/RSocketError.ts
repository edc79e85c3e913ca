/**
 * The one error type of the library. `code` is stable text for programs (`ERR_FLYSOCKET_...`, listed in
 * docs/errors.md); `errorCode` is the number on the wire (see `ErrorCode`), where the error crossed it or is to.
 */
export class RSocketError extends Error {
  readonly code: string;
  readonly errorCode: number | undefined;

  constructor(code: string, message: string, errorCode?: number, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RSocketError';
    this.code = code;
    this.errorCode = errorCode;
  }
}
