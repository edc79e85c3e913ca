import type { Frame, FrameLibrary } from '../FrameLibrary.ts';

/** What the bench uses of msgpackr 2.1.3. */
export interface Msgpackr {
  readonly Packr: new (options: {
    structures: unknown[];
  }) => { pack(value: Frame): Uint8Array; unpack(bytes: Uint8Array): Frame };
}

/** With a structure that both ends know, so that the names of fields are not sent. */
export function msgpackr({ Packr }: Msgpackr): FrameLibrary {
  const packr = new Packr({ structures: [] });
  return { name: 'msgpackr', encode: (frame) => packr.pack(frame), decode: (bytes) => packr.unpack(bytes) };
}
