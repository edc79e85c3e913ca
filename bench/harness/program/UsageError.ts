/** The program was called with wrong arguments; the message says which and what there is. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
