/** A service says no, with the number that HTTP has for it. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const FORBIDDEN = 403;
export const NOT_FOUND = 404;
/** Sold out. */
export const CONFLICT = 409;
export const UNAUTHORIZED = 401;
