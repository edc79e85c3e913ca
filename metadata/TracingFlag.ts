/** Flags of tracing metadata (spec: "Tracing (Zipkin) Metadata Extension"). */
export const TracingFlag = {
  IDS: 0x80,
  DEBUG: 0x40,
  SAMPLED: 0x20,
  NOT_SAMPLED: 0x10,
  TRACE_ID_128: 0x08,
  PARENT_ID: 0x04,
} as const;
