import {
  encodeCancel,
  encodeError,
  encodePayload,
  encodePayloadComplete,
  encodeRequestChannel,
  encodeRequestFnf,
  encodeRequestN,
  encodeRequestResponse,
  encodeRequestStream,
} from 'flysocket/codec';
import { type DirectBuffer, ErrorCode, FrameHeaderFlyweight } from 'flysocket/flyweight';
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
