/** What `load` is to do. */
export interface LoadPlan {
  /** Requests in flight at once, over all connections. */
  readonly concurrency: number;
  /** Requests to measure; undefined: as many as the time allows. */
  readonly requests: number | undefined;
  /** How long to measure, in milliseconds; undefined: until there were enough requests. */
  readonly durationMs: number | undefined;
  /** Time before that which is not measured. */
  readonly warmupMs: number;
  /** Requests a second, begun by the clock and not by answers; undefined: each answer begins the next. */
  readonly rate: number | undefined;
  /** Data of a request, in bytes. */
  readonly size: number;
  /** Items of a stream; undefined: request-response. */
  readonly streamItems: number | undefined;
  /** How long the last answers are waited for. */
  readonly drainTimeoutMs: number;
}
