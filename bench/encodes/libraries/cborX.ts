import type { Frame, FrameLibrary } from '../FrameLibrary.ts';

/** What the bench uses of cbor-x 1.6.9. */
export interface CborX {
  readonly Encoder: new (options: {
    structures: unknown[];
  }) => { encode(value: Frame): Uint8Array; decode(bytes: Uint8Array): Frame };
}

/** With a structure that both ends know, so that the names of fields are not sent. */
export function cborX({ Encoder }: CborX): FrameLibrary {
  const encoder = new Encoder({ structures: [] });
  return { name: 'cbor-x', encode: (frame) => encoder.encode(frame), decode: (bytes) => encoder.decode(bytes) };
}
