/** The command line is wrong: the message says how. The program ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
