import type { Contender } from '../harness/Contender.ts';
import {
  data,
  FLAG_METADATA,
  metadata,
  STREAMS,
  streamIdOf,
  TYPE_REQUEST_RESPONSE,
  VERIFIED_COUNTS,
} from './frames.ts';

/** What one REQUEST_RESPONSE adds to the sum: each field that was read. */
export function fieldsOf(
  streamId: number,
  type: number,
  flags: number,
  metadataLength: number,
  dataLength: number,
  metadataFirst: number,
  dataFirst: number,
): number {
  return (streamId + type + flags + metadataLength + dataLength * 3 + metadataFirst * 5 + dataFirst * 7) | 0;
}

/**
 * Decodes REQUEST_RESPONSE frames of `STREAMS` streams, over and over: stream id, type, flags, the lengths of metadata
 * and data and the first byte of each. The sum of all is checked in each batch.
 */
export abstract class DecodeContender implements Contender {
  readonly isAsync = false;
  readonly name: string;
  readonly batch: number;
  /** What the frames up to one operation add to the sum. */
  readonly #sums: Int32Array = new Int32Array(STREAMS + 1);

  constructor(name: string, batch: number) {
    this.name = name;
    this.batch = batch;
    const first = [metadata[0] as number, data[0] as number] as const;
    for (let at = 0; at < STREAMS; at++) {
      const fields = fieldsOf(
        streamIdOf(at),
        TYPE_REQUEST_RESPONSE,
        FLAG_METADATA,
        metadata.length,
        data.length,
        ...first,
      );
      this.#sums[at + 1] = (this.#sums[at] as number) + fields;
    }
  }

  /** Decodes frames `operation & (STREAMS - 1)`. @returns the sum of their `fieldsOf`, as int32 */
  protected abstract decode(count: number): number;

  verify(): void {
    for (const count of VERIFIED_COUNTS) this.run(count);
  }

  run(count: number): undefined {
    const sum = this.decode(count);
    const whole = Math.imul(Math.floor(count / STREAMS), this.#sums[STREAMS] as number);
    const expected = (whole + (this.#sums[count % STREAMS] as number)) | 0;
    if (sum !== expected) throw new Error(`${this.name}: sum ${sum} of ${count} frames, expected ${expected}`);
  }
}
