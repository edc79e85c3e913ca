import { decodePayload, decodeSetup, type Reassembly } from '../../codec/index.ts';
import {
  type DirectBuffer,
  ErrorFlyweight,
  ExtFlyweight,
  errorCodeOf,
  FrameFlag,
  FrameType,
  flagsOf,
  initialRequestNOf,
  lastReceivedPositionOf,
  MetadataPushFlyweight,
  numberOfRequestsOf,
  PayloadFlyweight,
  ResumeFlyweight,
  requestNOf,
  streamIdOf,
  timeToLiveMsOf,
  typeAndFlagsOf,
  typeOf,
} from '../../flyweight/index.ts';
import { BufferSlices } from '../BufferSlices.ts';
import type { AnyFrame, Bytes } from './AnyFrame.ts';

const KEEP_ALIVE_DATA = 14;
const LEASE_METADATA = 14;
const RESUME_OK_POSITION = 6;

/**
 * Makes frame objects of rsocket-core out of frames that `validateFrame` has found sound. Their bytes are copies.
 *
 * Data that is empty is an empty Buffer wherever there is a payload; that library's own reader makes it `null`. So does
 * metadata that is there and empty. Error codes are unsigned.
 */
export class FrameReader {
  readonly #slices: BufferSlices = new BufferSlices();
  readonly #payload: PayloadFlyweight = new PayloadFlyweight();

  /** @throws RSocketError as `decodePayload` and `decodeSetup`, if the frame has changed since it was found sound */
  read(buffer: DirectBuffer, offset: number, length: number): AnyFrame {
    const typeAndFlags = typeAndFlagsOf(buffer, offset);
    const type = typeOf(typeAndFlags);
    const flags = flagsOf(typeAndFlags);
    const streamId = streamIdOf(buffer, offset);
    switch (type) {
      case FrameType.PAYLOAD:
      case FrameType.REQUEST_RESPONSE:
      case FrameType.REQUEST_FNF:
      case FrameType.REQUEST_STREAM:
      case FrameType.REQUEST_CHANNEL: {
        decodePayload(buffer, offset, length, this.#payload);
        const isMany = type === FrameType.REQUEST_STREAM || type === FrameType.REQUEST_CHANNEL;
        return this.#withPayload(type, flags, streamId, isMany ? initialRequestNOf(buffer, offset) : 0, this.#payload);
      }
      case FrameType.REQUEST_N:
        return { type, flags, streamId, requestN: requestNOf(buffer, offset) };
      case FrameType.ERROR:
        return this.#error(buffer, offset, length, flags, streamId);
      case FrameType.EXT: {
        const at = offset + ExtFlyweight.EXTENDED_DATA_FIELD_OFFSET;
        const extendedContent = this.#copy(buffer, at, offset + length - at);
        return { type, flags, streamId, extendedType: ExtFlyweight.extendedType(buffer, offset), extendedContent };
      }
      case FrameType.KEEPALIVE: {
        const data = this.#copyIfAny(buffer, offset + KEEP_ALIVE_DATA, length - KEEP_ALIVE_DATA);
        return { type, flags, streamId, data, lastReceivedPosition: lastReceivedPositionOf(buffer, offset) };
      }
      case FrameType.LEASE: {
        const metadata = this.#copyIfAny(buffer, offset + LEASE_METADATA, length - LEASE_METADATA);
        const requestCount = numberOfRequestsOf(buffer, offset);
        return { type, flags, streamId, ttl: timeToLiveMsOf(buffer, offset), requestCount, metadata };
      }
      case FrameType.METADATA_PUSH: {
        const at = offset + MetadataPushFlyweight.METADATA_FIELD_OFFSET;
        return { type, flags, streamId, metadata: this.#copy(buffer, at, offset + length - at) };
      }
      case FrameType.SETUP:
        return this.#setup(buffer, offset, length, flags);
      case FrameType.RESUME:
        return resumeFrame(new ResumeFlyweight().wrap(buffer, offset, length));
      case FrameType.RESUME_OK:
        return { type, flags, streamId, clientPosition: buffer.getUint64(offset + RESUME_OK_POSITION) };
      default:
        return { type, flags, streamId };
    }
  }

  /** The frame that a payload in fragments was meant to be. */
  whole({ type, flags, streamId, initialRequestN, payload }: Reassembly): AnyFrame {
    return this.#withPayload(type, flags, streamId, initialRequestN, payload);
  }

  #withPayload(type: number, flags: number, streamId: number, requestN: number, payload: PayloadFlyweight): AnyFrame {
    const { metadataBuffer, metadataOffset, metadataLength, dataBuffer, dataOffset, dataLength } = payload;
    const metadata = metadataLength < 0 ? null : this.#copy(metadataBuffer, metadataOffset, metadataLength);
    // A PAYLOAD that only completes has no item, so it has no data either.
    const hasItem = type !== FrameType.PAYLOAD || (flags & FrameFlag.NEXT) !== 0 || dataLength > 0;
    const data = hasItem ? this.#copy(dataBuffer, dataOffset, dataLength) : null;
    return requestN === 0
      ? { type, flags, streamId, data, metadata }
      : { type, flags, streamId, data, metadata, requestN };
  }

  #error(buffer: DirectBuffer, offset: number, length: number, flags: number, streamId: number): AnyFrame {
    const at = offset + ErrorFlyweight.DATA_FIELD_OFFSET;
    const message = buffer.getUtf8(at, offset + length - at);
    return { type: FrameType.ERROR, flags, streamId, code: errorCodeOf(buffer, offset), message };
  }

  #setup(buffer: DirectBuffer, offset: number, length: number, flags: number): AnyFrame {
    const payload = this.#payload;
    const setup = decodeSetup(buffer, offset, length, payload);
    const { metadataLength } = payload;
    return {
      type: FrameType.SETUP,
      flags,
      streamId: 0,
      majorVersion: setup.majorVersion,
      minorVersion: setup.minorVersion,
      keepAlive: setup.keepAliveIntervalMs,
      lifetime: setup.maxLifetimeMs,
      metadataMimeType: setup.metadataMimeType,
      dataMimeType: setup.dataMimeType,
      resumeToken: setup.resumeToken === undefined ? null : Buffer.from(setup.resumeToken),
      metadata: metadataLength < 0 ? null : this.#copy(payload.metadataBuffer, payload.metadataOffset, metadataLength),
      data: this.#copyIfAny(payload.dataBuffer, payload.dataOffset, payload.dataLength),
    };
  }

  #copy(buffer: DirectBuffer, offset: number, length: number): Buffer {
    return this.#slices.copyOf(buffer, offset, length);
  }

  #copyIfAny(buffer: DirectBuffer, offset: number, length: number): Bytes {
    return length > 0 ? this.#slices.copyOf(buffer, offset, length) : null;
  }
}

/** True for the first frame of a client that wants to go on with an earlier session, or to be able to do so later. */
export function asksToResume({ type, flags }: AnyFrame): boolean {
  return type === FrameType.RESUME || (type === FrameType.SETUP && (flags & FrameFlag.RESUME) !== 0);
}

function resumeFrame(resume: ResumeFlyweight): AnyFrame {
  return {
    type: FrameType.RESUME,
    flags: resume.flags,
    streamId: 0,
    majorVersion: resume.majorVersion,
    minorVersion: resume.minorVersion,
    resumeToken: Buffer.from(resume.copyOfResumeToken()),
    serverPosition: resume.lastReceivedServerPosition,
    clientPosition: resume.firstAvailableClientPosition,
  };
}
