/** What can be called from the other thread: an exported function. */
export type CalledFunction = (value: unknown, context?: unknown) => unknown;

/** Where the functions come from that the other end of a link calls. */
export interface FunctionSource {
  /** They get the `TaskContext` as second argument; exports of worker files get the value alone, as piscina's do. */
  readonly passesContext: boolean;
  /** @throws (or rejects with) why there is no such function */
  find(filename: string, name: string): CalledFunction | Promise<CalledFunction>;
}
