/** Frames as a peer's socket gets them. */
import { encodeExt, encodeSetup, FRAME_LENGTH_SIZE, putFrameLength } from 'flysocket/codec';
import { DirectBuffer, EMPTY_BUFFER, PayloadFlyweight } from 'flysocket/flyweight';

/** A SETUP with nothing in it, that asks for resumption if it has a token. */
export function setup(resumeToken?: string): Uint8Array {
  const options = {
    keepAliveIntervalMs: 60_000,
    maxLifetimeMs: 300_000,
    metadataMimeType: 'a/b',
    dataMimeType: 'a/b',
    resumeToken: resumeToken === undefined ? undefined : new TextEncoder().encode(resumeToken),
  };
  return frame((buffer) => encodeSetup(buffer, 0, options, new PayloadFlyweight()));
}

/** An EXT frame of the connection. */
export function ext(flags: number): Uint8Array {
  return frame((buffer) => encodeExt(buffer, 0, 0, flags, 1, EMPTY_BUFFER, 0, 0));
}

/** What an encoder writes. */
export function frame(encode: (buffer: DirectBuffer) => number): Uint8Array {
  const buffer = new DirectBuffer(new Uint8Array(4096));
  return buffer.copyOf(0, encode(buffer));
}

/** Frames behind their lengths, as TCP carries them. */
export function withLengths(frames: readonly Uint8Array[]): Uint8Array {
  const length = frames.reduce((sum, each) => sum + FRAME_LENGTH_SIZE + each.length, 0);
  const buffer = new DirectBuffer(new Uint8Array(length));
  let at = 0;
  for (const each of frames) {
    at = putFrameLength(buffer, at, each.length);
    buffer.putBytes(at, each);
    at += each.length;
  }
  return buffer.bytes;
}
