/**
 * A frame as rsocket-core 0.0.27 has it, of any type: a plain object with the fields of its type, as the transports of
 * that library read and write it.
 */
export interface Frame {
  /** A `FrameType`: the numbers are those of the wire. */
  readonly type: number;
  /** The ten `FrameFlag` bits. */
  readonly flags: number;
  readonly streamId: number;
  /** Bytes on the wire, fragments counted as one frame; set on what has arrived. */
  readonly length?: number | undefined;
  /** What the encoders make of the bytes; null where there are none. */
  readonly data?: unknown;
  readonly metadata?: unknown;
  /** REQUEST_STREAM, REQUEST_CHANNEL, REQUEST_N. */
  readonly requestN?: number;
  /** ERROR. */
  readonly code?: number;
  readonly message?: unknown;
  /** SETUP: milliseconds. */
  readonly keepAlive?: number;
  readonly lifetime?: number;
  readonly dataMimeType?: unknown;
  readonly metadataMimeType?: unknown;
  /** SETUP and RESUME. */
  readonly majorVersion?: number;
  readonly minorVersion?: number;
  readonly resumeToken?: unknown;
  /** LEASE: milliseconds, and how many requests. */
  readonly ttl?: number;
  readonly requestCount?: number;
  /** KEEPALIVE: bytes. */
  readonly lastReceivedPosition?: number;
  /** RESUME and RESUME_OK: bytes. */
  readonly clientPosition?: number;
  readonly serverPosition?: number;
}
