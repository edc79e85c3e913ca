import { RSocketError } from '../flyweight/index.ts';

/** An error in one line: its message, and its codes behind it where it has some. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof RSocketError)) return error.message;
  const number = error.errorCode === undefined ? '' : ` 0x${error.errorCode.toString(16).padStart(3, '0')}`;
  return `${error.message} (${error.code}${number})`;
}
