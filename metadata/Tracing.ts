/** What the caller decided about recording a trace; the receiver decides if it is undecided. */
export type Sampling = 'undecided' | 'not-sampled' | 'sampled' | 'debug';

/** Where a request belongs in a trace, in the terms of Zipkin's B3. Ids are hexadecimal digits. */
export interface Tracing {
  /** 'undecided' unless said. 'debug' is a 'sampled' that nobody downstream may overrule. */
  readonly sampling?: Sampling | undefined;
  /** 16 or 32 digits; together with `spanId`, or neither: then only `sampling` is said. */
  readonly traceId?: string | undefined;
  /** 16 digits. */
  readonly spanId?: string | undefined;
  /** 16 digits; absent for the root of a trace. */
  readonly parentId?: string | undefined;
}
