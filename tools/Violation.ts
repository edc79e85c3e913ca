/** One breach of a rule of the house. */
export interface Violation {
  /** Path from the root of the repository. */
  readonly file: string;
  /** Counted from 1; 0 if it is about the file as a whole. */
  readonly line: number;
  readonly rule: string;
  readonly message: string;
}

/** One line as editors and terminals understand it. */
export function describeViolation({ file, line, rule, message }: Violation): string {
  return `${file}${line > 0 ? `:${line}` : ''}  ${rule}: ${message}`;
}

/** Prints what was found and sets the exit code. */
export function reportViolations(gate: string, violations: readonly Violation[]): void {
  for (const violation of violations) console.log(describeViolation(violation));
  console.log(`${gate}: ${violations.length === 0 ? 'nothing to complain about' : `${violations.length} violations`}`);
  if (violations.length > 0) process.exitCode = 1;
}
