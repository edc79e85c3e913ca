import {
  encodeCancel,
  encodeError,
  encodeExt,
  encodeKeepAlive,
  encodeLease,
  encodeMetadataPush,
  encodePayload,
  encodePayloadComplete,
  encodeRequestChannel,
  encodeRequestFnf,
  encodeRequestN,
  encodeRequestResponse,
  encodeRequestStream,
  encodeResume,
  encodeResumeOk,
  encodeSetup,
  type SetupOptions,
} from 'flysocket/codec';
import { type DirectBuffer, ErrorCode, FrameHeaderFlyweight, PayloadFlyweight } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { payloadOf, type RawScene } from './RawEnd.ts';

const text = payloadOf('text');

/** Writes a frame, and tells its length. The payload of each is the data `text`. */
export type WriteFrame = (buffer: DirectBuffer, offset: number) => number;

/** Sends the frames to the peer and runs all that comes of it. */
export function feed({ raw, crank }: RawScene, ...frames: WriteFrame[]): void {
  for (const frame of frames) assert.ok(raw.send(frame));
  crank.run();
}

export const requestResponse =
  (id: number): WriteFrame =>
  (b, o) =>
    encodeRequestResponse(b, o, id, text);
export const fireAndForget =
  (id: number): WriteFrame =>
  (b, o) =>
    encodeRequestFnf(b, o, id, text);
export const requestStream =
  (id: number, n: number): WriteFrame =>
  (b, o) =>
    encodeRequestStream(b, o, id, n, text);
export const requestChannel = (id: number, n: number, complete: boolean = false): WriteFrame => {
  return (b, o) => encodeRequestChannel(b, o, id, n, complete, text);
};
export const payload =
  (id: number, flags: number): WriteFrame =>
  (b, o) =>
    encodePayload(b, o, id, flags, text);
export const completion =
  (id: number): WriteFrame =>
  (b, o) =>
    encodePayloadComplete(b, o, id);
export const requestN =
  (id: number, n: number): WriteFrame =>
  (b, o) =>
    encodeRequestN(b, o, id, n);
export const cancel =
  (id: number): WriteFrame =>
  (b, o) =>
    encodeCancel(b, o, id);
export const error = (id: number, code: number = ErrorCode.APPLICATION_ERROR): WriteFrame => {
  return (b, o) => encodeError(b, o, id, code, 'why');
};
/** A frame of 20 bytes of which only the header is written. */
export const ofType = (type: number, id: number, flags: number): WriteFrame => {
  return (b, o) => {
    FrameHeaderFlyweight.encode(b, o, id, type, flags);
    return 20;
  };
};

/** SETUP, as from a client that wants nothing special unless said. */
export const setup = (options: Partial<SetupOptions> = {}, message: PayloadFlyweight = text): WriteFrame => {
  const mimeTypes = { metadataMimeType: 'meta/data', dataMimeType: 'text/plain' };
  return (b, o) =>
    encodeSetup(b, o, { keepAliveIntervalMs: 1_000, maxLifetimeMs: 4_000, ...mimeTypes, ...options }, message);
};
export const keepAlive = (
  respond: boolean,
  data: PayloadFlyweight = new PayloadFlyweight(),
  position = 0,
): WriteFrame => {
  return (b, o) => encodeKeepAlive(b, o, respond, position, data.dataBuffer, data.dataOffset, data.dataLength);
};
export const lease =
  (requests: number, ttlMs: number): WriteFrame =>
  (b, o) =>
    encodeLease(b, o, ttlMs, requests, new PayloadFlyweight());
export const metadataPush = (metadata: string): WriteFrame => {
  const { dataBuffer, dataOffset, dataLength } = payloadOf(metadata);
  return (b, o) => encodeMetadataPush(b, o, new PayloadFlyweight().wrapMetadata(dataBuffer, dataOffset, dataLength));
};
export const extension =
  (streamId: number, flags: number): WriteFrame =>
  (b, o) =>
    encodeExt(b, o, streamId, flags, 1, text.dataBuffer, text.dataOffset, text.dataLength);
export const resume: WriteFrame = (b, o) => encodeResume(b, o, new Uint8Array(4), 0, 0);
export const resumeOk: WriteFrame = (b, o) => encodeResumeOk(b, o, 0);
/** The frame with the bit set that is always 0, above the stream id. */
export const withReservedBit = (frame: WriteFrame): WriteFrame => {
  return (b, o) => {
    const length = frame(b, o);
    b.putUint8(o, b.getUint8(o) | 0x80);
    return length;
  };
};
