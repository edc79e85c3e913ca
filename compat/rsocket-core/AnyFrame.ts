/** Bytes as that library has them. */
export type Bytes = Buffer | null | undefined;

/** A frame of rsocket-core, whatever its type: the fields that any of them may have. */
export interface AnyFrame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly data?: Bytes;
  readonly metadata?: Bytes;
  readonly requestN?: number;
  readonly code?: number;
  readonly message?: string;
  readonly lastReceivedPosition?: number;
  readonly ttl?: number;
  readonly requestCount?: number;
  readonly extendedType?: number;
  readonly extendedContent?: Bytes;
  readonly dataMimeType?: string;
  readonly metadataMimeType?: string;
  readonly keepAlive?: number;
  readonly lifetime?: number;
  readonly resumeToken?: Bytes;
  readonly majorVersion?: number;
  readonly minorVersion?: number;
  readonly clientPosition?: number;
  readonly serverPosition?: number;
}
