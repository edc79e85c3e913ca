/** What a frame says, as our codec reads it and as that of rsocket-js 1.0.0-alpha.3 does, in the same words. */
import { decodePayload, validateFrame } from 'flysocket/codec';
import {
  DirectBuffer,
  ErrorFlyweight,
  FrameFlag,
  FrameHeaderFlyweight,
  FrameType,
  KeepAliveFlyweight,
  LeaseFlyweight,
  PayloadFlyweight,
  RequestNFlyweight,
  ResumeFlyweight,
  ResumeOkFlyweight,
  RSocketError,
  SetupFlyweight,
} from 'flysocket/flyweight';
import * as core from 'rsocket-core';
import { hexOf } from '../codec/payloads.ts';
import { type FrameVector, flagsOf, typeOf } from '../vectors/frameVectors.ts';

/** Bytes as hex; parts that are absent and parts that are empty are the same, as they are over there. */
export type Reading = Readonly<Record<string, string | number>>;

const U31 = 0x7fffffff;

/** @returns the reading; or the code of the error with which the frame is refused, or `ignored` if it is to be */
export function ourReading(bytes: Uint8Array): Reading | string {
  const buffer = new DirectBuffer(bytes);
  try {
    if (!validateFrame(buffer, 0, bytes.length)) return 'ignored';
  } catch (error) {
    if (error instanceof RSocketError) return error.code;
    throw error;
  }
  const type = FrameHeaderFlyweight.type(buffer, 0);
  const flags = FrameHeaderFlyweight.flags(buffer, 0);
  const header = { type, flags, streamId: FrameHeaderFlyweight.streamId(buffer, 0) };
  const rest = (from: number): string => hexOf(bytes.subarray(from));
  const body = (): Reading => {
    const view = new PayloadFlyweight();
    decodePayload(buffer, 0, bytes.length, view);
    return { metadata: hexOf(view.copyOfMetadata() ?? new Uint8Array()), data: hexOf(view.copyOfData()) };
  };
  switch (type) {
    case FrameType.REQUEST_STREAM:
    case FrameType.REQUEST_CHANNEL:
      return { ...header, requestN: buffer.getInt32(6) & U31, ...body() };
    case FrameType.REQUEST_N:
      return { ...header, requestN: RequestNFlyweight.requestN(buffer, 0) };
    case FrameType.ERROR:
      return {
        ...header,
        code: ErrorFlyweight.errorCode(buffer, 0),
        message: Buffer.from(bytes.subarray(10)).toString(),
      };
    case FrameType.KEEPALIVE:
      return { ...header, position: KeepAliveFlyweight.lastReceivedPosition(buffer, 0), data: rest(14) };
    case FrameType.LEASE: {
      const ttl = LeaseFlyweight.timeToLiveMs(buffer, 0);
      const metadata = (flags & FrameFlag.METADATA) === 0 ? '' : rest(14);
      return { ...header, ttl, requestCount: LeaseFlyweight.numberOfRequests(buffer, 0), metadata };
    }
    case FrameType.SETUP: {
      const frame = new SetupFlyweight().wrap(buffer, 0, bytes.length);
      const part = (offset: number, length: number): string => hexOf(buffer.copyOf(offset, Math.max(length, 0)));
      const ascii = (offset: number, length: number): string =>
        Buffer.from(buffer.copyOf(offset, length)).toString('ascii');
      return {
        ...header,
        version: `${frame.majorVersion}.${frame.minorVersion}`,
        keepAlive: frame.keepAliveIntervalMs,
        lifetime: frame.maxLifetimeMs,
        resumeToken: part(frame.resumeTokenOffset, frame.resumeTokenLength),
        metadataMimeType: ascii(frame.metadataMimeTypeOffset, frame.metadataMimeTypeLength),
        dataMimeType: ascii(frame.dataMimeTypeOffset, frame.dataMimeTypeLength),
        metadata: part(frame.metadataOffset, frame.metadataLength),
        data: part(frame.dataOffset, frame.dataLength),
      };
    }
    case FrameType.RESUME: {
      const frame = new ResumeFlyweight().wrap(buffer, 0, bytes.length);
      return {
        ...header,
        version: `${frame.majorVersion}.${frame.minorVersion}`,
        resumeToken: hexOf(buffer.copyOf(frame.resumeTokenOffset, frame.resumeTokenLength)),
        serverPosition: frame.lastReceivedServerPosition,
        clientPosition: frame.firstAvailableClientPosition,
      };
    }
    case FrameType.RESUME_OK:
      return { ...header, clientPosition: ResumeOkFlyweight.lastReceivedClientPosition(buffer, 0) };
    case FrameType.CANCEL:
      return header;
    case FrameType.METADATA_PUSH:
      return { ...header, metadata: rest(6) };
    case FrameType.EXT:
      return { ...header, extendedType: buffer.getInt32(6) & U31, content: rest(10) };
    default:
      return { ...header, ...body() };
  }
}

/** @returns undefined where their codec gives none @throws whatever it throws */
export function theirReading(bytes: Uint8Array): Reading | undefined {
  const frame = core.deserializeFrame(Buffer.from(bytes)) as core.Frame | undefined;
  if (frame === undefined) return undefined;
  const { type, flags, streamId } = frame;
  const reading: Record<string, string | number> = { type, flags, streamId };
  const hexed = ['metadata', 'data', 'resumeToken'];
  for (const [name, value] of Object.entries(frame)) {
    if (hexed.includes(name)) reading[name] = hexOf((value as Buffer | null) ?? new Uint8Array());
  }
  switch (frame.type) {
    case core.FrameTypes.SETUP: {
      const { majorVersion, minorVersion, metadataMimeType, dataMimeType, keepAlive, lifetime } = frame;
      return {
        ...reading,
        version: `${majorVersion}.${minorVersion}`,
        keepAlive: keepAlive & U31,
        lifetime: lifetime & U31,
        metadataMimeType,
        dataMimeType,
      };
    }
    case core.FrameTypes.RESUME: {
      const { majorVersion, minorVersion, serverPosition, clientPosition } = frame;
      return { ...reading, version: `${majorVersion}.${minorVersion}`, serverPosition, clientPosition };
    }
    case core.FrameTypes.RESUME_OK:
      return { ...reading, clientPosition: frame.clientPosition };
    case core.FrameTypes.ERROR:
      return { ...reading, code: frame.code >>> 0, message: frame.message };
    case core.FrameTypes.KEEPALIVE:
      return { ...reading, position: frame.lastReceivedPosition };
    case core.FrameTypes.LEASE:
      return { ...reading, ttl: frame.ttl & U31, requestCount: frame.requestCount & U31 };
    case core.FrameTypes.REQUEST_N:
    case core.FrameTypes.REQUEST_STREAM:
    case core.FrameTypes.REQUEST_CHANNEL:
      return { ...reading, requestN: frame.requestN & U31 };
    default:
      return reading;
  }
}

/** The frame object from which their codec makes a vector's frame. */
export function theirFrame(vector: FrameVector): core.Frame {
  const { streamId, fields } = vector;
  const part = (name: string): Buffer | null => {
    const text = fields[name];
    return typeof text === 'string' ? Buffer.from(text) : null;
  };
  return {
    ...fields,
    type: typeOf(vector),
    flags: flagsOf(vector),
    streamId,
    data: part('data'),
    metadata: part('metadata'),
    requestN: fields['requestN'] ?? fields['initialRequestN'],
    code: fields['errorCode'],
    message: fields['data'],
    keepAlive: fields['keepAliveIntervalMs'],
    lifetime: fields['maxLifetimeMs'],
    resumeToken: part('resumeToken'),
    ttl: fields['timeToLiveMs'],
    requestCount: fields['numberOfRequests'],
    lastReceivedPosition: fields['lastReceivedPosition'],
    serverPosition: fields['lastReceivedServerPosition'],
    clientPosition: fields['firstAvailableClientPosition'] ?? fields['lastReceivedClientPosition'],
  } as unknown as core.Frame;
}
