import { hexText } from './hex.ts';
import { MetadataRegion } from './MetadataRegion.ts';
import { malformedMetadata } from './malformedMetadata.ts';
import type { Sampling } from './Tracing.ts';
import { TracingFlag } from './TracingFlag.ts';

const FLAGS_SIZE = 1;
const ID_SIZE = 8;
const LONG_TRACE_ID_SIZE = 16;

/**
 * View over tracing metadata: where a request belongs in a trace (spec: "Tracing (Zipkin) Metadata Extension",
 * version 0). Big-endian. 1, 17, 25 or 33 bytes; what follows is ignored. Owns no bytes; allocates only where a name
 * ends in `Hex`.
 *
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +-+-+-+-+-+-+---+-----------------------------------------------+
 *     |I|D|S|N|T|P| 0 |  trace id, 8 bytes, or 16 if T, only if I    ...
 *     +-+-+-+-+-+-+---+-----------------------------------------------+
 *     |  span id, 8 bytes, only if I                                 ...
 *     +---------------------------------------------------------------+
 *     |  parent span id, 8 bytes, only if I and P                    ...
 *     +---------------------------------------------------------------+
 *
 *   example   a0     00 00 00 00 00 00 00 01   00 00 00 00 00 00 00 02
 *             I S    trace id                  span id
 *
 * I  the (I)ds are there
 * D  (D)ebug: record it in any case; S and N mean nothing then
 * S  (S)ampled: record it; N means nothing then
 * N  (N)ot sampled: don't record it. Without any of the three it is undecided
 * T  the (T)race id has 16 bytes
 * P  there is a (P)arent
 *
 * `wrap` reads the flags, and throws ERR_FLYSOCKET_METADATA_MALFORMED if what they announce is not there.
 */
export class TracingFlyweight extends MetadataRegion {
  /** See `TracingFlag`. */
  flags = 0;
  /** In bytes: 8 or 16, or 0 if there are no ids. */
  traceIdLength = 0;

  get hasIds(): boolean {
    return this.traceIdLength > 0;
  }

  get hasParentId(): boolean {
    return this.hasIds && (this.flags & TracingFlag.PARENT_ID) !== 0;
  }

  get sampling(): Sampling {
    if ((this.flags & TracingFlag.DEBUG) !== 0) return 'debug';
    if ((this.flags & TracingFlag.SAMPLED) !== 0) return 'sampled';
    return (this.flags & TracingFlag.NOT_SAMPLED) !== 0 ? 'not-sampled' : 'undecided';
  }

  /** Where the trace id starts in `bytes`; of meaning if `hasIds`. */
  get traceIdOffset(): number {
    return this.offset + FLAGS_SIZE;
  }

  /** Where the span id of 8 bytes starts in `bytes`; of meaning if `hasIds`. */
  get spanIdOffset(): number {
    return this.traceIdOffset + this.traceIdLength;
  }

  /** Where the parent's span id of 8 bytes starts in `bytes`; of meaning if `hasParentId`. */
  get parentIdOffset(): number {
    return this.spanIdOffset + ID_SIZE;
  }

  /** 16 or 32 digits, or undefined if there are no ids. */
  traceIdHex(): string | undefined {
    return this.hasIds ? hexText(this.bytes, this.traceIdOffset, this.traceIdLength) : undefined;
  }

  /** 16 digits, or undefined if there are no ids. */
  spanIdHex(): string | undefined {
    return this.hasIds ? hexText(this.bytes, this.spanIdOffset, ID_SIZE) : undefined;
  }

  /** 16 digits, or undefined if there is no parent. */
  parentIdHex(): string | undefined {
    return this.hasParentId ? hexText(this.bytes, this.parentIdOffset, ID_SIZE) : undefined;
  }

  protected override begin(): void {
    this.flags = 0;
    this.traceIdLength = 0;
    if (this.length === 0) throw malformedMetadata('tracing', 'the flags', FLAGS_SIZE, 0);
    const flags = this.bytes[this.offset] as number;
    const needed = lengthOfTracingFlags(flags);
    if (needed > this.length) {
      throw malformedMetadata(
        'tracing',
        `what flags 0x${flags.toString(16).padStart(2, '0')} say`,
        needed,
        this.length,
      );
    }
    this.flags = flags;
    this.traceIdLength = traceIdLengthOf(flags);
  }
}

/** Bytes of tracing metadata with those flags: 1, 17, 25 or 33. */
export function lengthOfTracingFlags(flags: number): number {
  if ((flags & TracingFlag.IDS) === 0) return FLAGS_SIZE;
  return FLAGS_SIZE + traceIdLengthOf(flags) + ID_SIZE + ((flags & TracingFlag.PARENT_ID) === 0 ? 0 : ID_SIZE);
}

function traceIdLengthOf(flags: number): number {
  if ((flags & TracingFlag.IDS) === 0) return 0;
  return (flags & TracingFlag.TRACE_ID_128) === 0 ? ID_SIZE : LONG_TRACE_ID_SIZE;
}
