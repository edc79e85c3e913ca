/**
 * How the parts of frames become bytes and are read again: the encoders of rsocket-core 0.0.27, which its users hand
 * to a transport as they are. `BufferEncoders` gives Buffers, `Utf8Encoders` strings; others may be anybody's own.
 */

/** One kind of part. */
export interface Encoder {
  /** Bytes that `value` takes. @throws if it is of a wrong kind */
  byteLength(value: unknown): number;
  /** Writes `value` into `buffer` from `start` up to `end`. @returns the index after it */
  encode(value: unknown, buffer: Buffer, start: number, end: number): number;
  /** Reads what lies in `buffer` from `start` up to `end`, and may keep these bytes. */
  decode(buffer: Buffer, start: number, end: number): unknown;
}

export interface Encoders {
  readonly data: Encoder;
  readonly dataMimeType: Encoder;
  readonly message: Encoder;
  readonly metadata: Encoder;
  readonly metadataMimeType: Encoder;
  readonly resumeToken: Encoder;
}

/** Strings, in UTF-8. */
const UTF8_ENCODER: Encoder = {
  byteLength: (value) => Buffer.byteLength(text(value), 'utf8'),
  encode: (value, buffer, start, end) => {
    buffer.write(text(value), start, end - start, 'utf8');
    return end;
  },
  decode: (buffer, start, end) => buffer.toString('utf8', start, end),
};

/** Strings for everything, as a transport of rsocket-core 0.0.27 has them that is given no encoders. */
export const UTF8_ENCODERS: Encoders = {
  data: UTF8_ENCODER,
  dataMimeType: UTF8_ENCODER,
  message: UTF8_ENCODER,
  metadata: UTF8_ENCODER,
  metadataMimeType: UTF8_ENCODER,
  resumeToken: UTF8_ENCODER,
};

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new TypeError(`without encoders a payload is made of strings, got ${typeof value}; see BufferEncoders`);
}
