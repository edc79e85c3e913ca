import { data, FLAG_METADATA, metadata, streamIdOf, TYPE_REQUEST_RESPONSE } from '../codec/frames.ts';

/** What a REQUEST_RESPONSE says, as an object with bytes in it. */
export interface Frame {
  streamId: number;
  type: number;
  flags: number;
  metadata: Uint8Array;
  data: Uint8Array;
}

/**
 * A library for messages as objects, used as its documentation says where it is fastest. The frame to be encoded is
 * there already and only its stream id changes: making it is no part of what is measured.
 */
export interface FrameLibrary {
  readonly name: string;
  /** @returns bytes that are valid until the next call */
  encode(frame: Frame): Uint8Array;
  decode(bytes: Uint8Array): Frame;
}

/** The frame that is encoded, of the stream that operation number `operation` uses. */
export function frameOf(operation: number): Frame {
  return { streamId: streamIdOf(operation), type: TYPE_REQUEST_RESPONSE, flags: FLAG_METADATA, metadata, data };
}

/** @throws Error that names the library and the field, unless both frames say the same */
export function checkFrame(name: string, frame: Frame, expected: Frame): void {
  for (const field of ['streamId', 'type', 'flags'] as const) {
    if (frame[field] !== expected[field])
      throw new Error(`${name}: ${field} is ${frame[field]}, expected ${expected[field]}`);
  }
  for (const field of ['metadata', 'data'] as const) {
    if (Buffer.compare(frame[field], expected[field]) !== 0) throw new Error(`${name}: other ${field} than expected`);
  }
}
