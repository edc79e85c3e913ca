import type { Frame, FrameLibrary } from '../FrameLibrary.ts';

/** JSON where metadata and data may be any bytes. Where they are text, `JSON to Buffer` has it easier. */
export const jsonWithBase64: FrameLibrary = {
  name: 'JSON with base64',
  encode({ streamId, type, flags, metadata, data }) {
    return Buffer.from(
      JSON.stringify({ streamId, type, flags, metadata: base64Of(metadata), data: base64Of(data) }),
      'latin1',
    );
  },
  decode(bytes) {
    const { streamId, type, flags, metadata, data } = JSON.parse((bytes as Buffer).toString('latin1'));
    return {
      streamId,
      type,
      flags,
      metadata: Buffer.from(metadata, 'base64'),
      data: Buffer.from(data, 'base64'),
    } satisfies Frame;
  },
};

function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}
