import type { Frame, FrameLibrary } from '../FrameLibrary.ts';

/** What the bench uses of avsc 5.7.9. */
export interface Avsc {
  readonly Type: {
    forSchema(schema: object): {
      encode(frame: Frame, buffer: Buffer, offset: number): number;
      fromBuffer(bytes: Uint8Array): Frame;
    };
  };
}

const SCHEMA = {
  type: 'record',
  name: 'Frame',
  fields: [
    { name: 'streamId', type: 'int' },
    { name: 'type', type: 'int' },
    { name: 'flags', type: 'int' },
    { name: 'metadata', type: 'bytes' },
    { name: 'data', type: 'bytes' },
  ],
};
const BUFFER_LENGTH = 1_024;

/** Into one buffer that is used again, as our frames are. */
export function avsc({ Type }: Avsc): FrameLibrary {
  const type = Type.forSchema(SCHEMA);
  const buffer = Buffer.alloc(BUFFER_LENGTH);
  return {
    name: 'avsc',
    encode: (frame) => buffer.subarray(0, type.encode(frame, buffer, 0)),
    decode: (bytes) => type.fromBuffer(bytes),
  };
}
