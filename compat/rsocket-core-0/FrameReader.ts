/**
 * Bytes to frame objects, as `deserializeFrame` of rsocket-core 0.0.27 makes them, field by field. What encoders read
 * is copied once, into a Buffer of its own and of exactly that length, for they may keep it; without encoders text is
 * read where it lies.
 */
import { decodePayload } from '../../codec/index.ts';
import {
  type DirectBuffer,
  ErrorFlyweight,
  errorCodeOf,
  FrameFlag,
  FrameType,
  flagsOf,
  initialRequestNOf,
  KeepAliveFlyweight,
  LeaseFlyweight,
  lastReceivedPositionOf,
  MetadataPushFlyweight,
  numberOfRequestsOf,
  PayloadFlyweight,
  ResumeFlyweight,
  ResumeOkFlyweight,
  requestNOf,
  SetupFlyweight,
  streamIdOf,
  timeToLiveMsOf,
  typeAndFlagsOf,
  typeOf,
} from '../../flyweight/index.ts';
import { BufferSlices } from '../BufferSlices.ts';
import { type Encoder, type Encoders, UTF8_ENCODERS } from './Encoders.ts';
import type { Frame } from './Frame.ts';

const NO_BYTES: Buffer = Buffer.alloc(0);

export class FrameReader {
  readonly #encoders: Encoders;
  readonly #readsInPlace: boolean;
  readonly #slices: BufferSlices = new BufferSlices();
  readonly #payload: PayloadFlyweight = new PayloadFlyweight();
  /** The memory that was read last, as a Buffer. */
  #viewed: DirectBuffer | undefined = undefined;
  #view: Buffer = NO_BYTES;

  /** @param encoders those of the user, or undefined for strings */
  constructor(encoders: Encoders | undefined) {
    this.#encoders = encoders ?? UTF8_ENCODERS;
    this.#readsInPlace = encoders === undefined;
  }

  /**
   * Reads a frame that `validateFrame` has found sound.
   * @returns undefined for EXT, which rsocket-core does not know
   * @throws RSocketError (CONNECTION_ERROR) if the bytes have changed since; whatever an encoder throws
   */
  read(buffer: DirectBuffer, offset: number, length: number): Frame | undefined {
    const typeAndFlags = typeAndFlagsOf(buffer, offset);
    const type = typeOf(typeAndFlags);
    const flags = flagsOf(typeAndFlags);
    const streamId = streamIdOf(buffer, offset);
    switch (type) {
      case FrameType.PAYLOAD:
      case FrameType.REQUEST_RESPONSE:
      case FrameType.REQUEST_FNF:
        decodePayload(buffer, offset, length, this.#payload);
        return this.readPayload(type, flags, streamId, 0, this.#payload, length);
      case FrameType.REQUEST_STREAM:
      case FrameType.REQUEST_CHANNEL:
        decodePayload(buffer, offset, length, this.#payload);
        return this.readPayload(type, flags, streamId, initialRequestNOf(buffer, offset), this.#payload, length);
      case FrameType.REQUEST_N:
        return { flags, length, requestN: requestNOf(buffer, offset), streamId, type };
      case FrameType.CANCEL:
        return { flags, length, streamId, type };
      case FrameType.ERROR: {
        const at = ErrorFlyweight.DATA_FIELD_OFFSET;
        const message = this.#part(this.#encoders.message, buffer, offset + at, length - at) ?? '';
        return { code: errorCodeOf(buffer, offset), flags, length, message, streamId, type };
      }
      default:
        return this.#readConnectionFrame(type, flags, buffer, offset, length);
    }
  }

  /**
   * Reads a payload that lies anywhere as the frame `type`.
   * @param requestN for REQUEST_STREAM and REQUEST_CHANNEL, else of no meaning
   * @param length of its frames
   */
  readPayload(
    type: number,
    flags: number,
    streamId: number,
    requestN: number,
    payload: PayloadFlyweight,
    length: number,
  ): Frame {
    const { data: dataEncoder, metadata: metadataEncoder } = this.#encoders;
    const data = this.#part(dataEncoder, payload.dataBuffer, payload.dataOffset, payload.dataLength);
    const metadata = this.#part(
      metadataEncoder,
      payload.metadataBuffer,
      payload.metadataOffset,
      payload.metadataLength,
    );
    if (type === FrameType.REQUEST_STREAM || type === FrameType.REQUEST_CHANNEL) {
      return { data, flags, length, metadata, requestN, streamId, type };
    }
    return { data, flags, length, metadata, streamId, type };
  }

  #readConnectionFrame(
    type: number,
    flags: number,
    buffer: DirectBuffer,
    offset: number,
    length: number,
  ): Frame | undefined {
    const streamId = 0;
    const { data: dataEncoder, metadata: metadataEncoder } = this.#encoders;
    switch (type) {
      case FrameType.KEEPALIVE: {
        const at = KeepAliveFlyweight.DATA_FIELD_OFFSET;
        const data = this.#part(dataEncoder, buffer, offset + at, length - at);
        return { data, flags, lastReceivedPosition: lastReceivedPositionOf(buffer, offset), length, streamId, type };
      }
      case FrameType.LEASE: {
        const at = LeaseFlyweight.METADATA_FIELD_OFFSET;
        const metadata = this.#part(metadataEncoder, buffer, offset + at, length - at);
        const requestCount = numberOfRequestsOf(buffer, offset);
        return { flags, length, metadata, requestCount, streamId, ttl: timeToLiveMsOf(buffer, offset), type };
      }
      case FrameType.METADATA_PUSH: {
        const at = MetadataPushFlyweight.METADATA_FIELD_OFFSET;
        const metadata = this.#part(metadataEncoder, buffer, offset + at, length - at);
        return { flags, length, metadata, streamId, type };
      }
      case FrameType.SETUP:
        return this.#readSetup(flags, buffer, offset, length);
      case FrameType.RESUME:
        return this.#readResume(flags, buffer, offset, length);
      case FrameType.RESUME_OK: {
        const clientPosition = ResumeOkFlyweight.lastReceivedClientPosition(buffer, offset);
        return { clientPosition, flags, length, streamId, type };
      }
      default:
        return undefined;
    }
  }

  #readSetup(flags: number, buffer: DirectBuffer, offset: number, length: number): Frame {
    const setup = new SetupFlyweight().wrap(buffer, offset, length);
    const { data, metadata, dataMimeType, metadataMimeType, resumeToken } = this.#encoders;
    const hasToken = (flags & FrameFlag.RESUME) !== 0;
    return {
      data: this.#part(data, buffer, setup.dataOffset, setup.dataLength),
      dataMimeType: this.#part(dataMimeType, buffer, setup.dataMimeTypeOffset, setup.dataMimeTypeLength) ?? '',
      flags,
      keepAlive: setup.keepAliveIntervalMs,
      length,
      lifetime: setup.maxLifetimeMs,
      majorVersion: setup.majorVersion,
      metadata: this.#part(metadata, buffer, setup.metadataOffset, setup.metadataLength),
      metadataMimeType:
        this.#part(metadataMimeType, buffer, setup.metadataMimeTypeOffset, setup.metadataMimeTypeLength) ?? '',
      minorVersion: setup.minorVersion,
      resumeToken: hasToken ? this.#part(resumeToken, buffer, setup.resumeTokenOffset, setup.resumeTokenLength) : null,
      streamId: 0,
      type: FrameType.SETUP,
    };
  }

  #readResume(flags: number, buffer: DirectBuffer, offset: number, length: number): Frame {
    const resume = new ResumeFlyweight().wrap(buffer, offset, length);
    const { resumeToken } = this.#encoders;
    return {
      clientPosition: resume.firstAvailableClientPosition,
      flags,
      length,
      majorVersion: resume.majorVersion,
      minorVersion: resume.minorVersion,
      resumeToken: this.#part(resumeToken, buffer, resume.resumeTokenOffset, resume.resumeTokenLength),
      serverPosition: resume.lastReceivedServerPosition,
      streamId: 0,
      type: FrameType.RESUME,
    };
  }

  #part(encoder: Encoder, buffer: DirectBuffer, offset: number, length: number): unknown {
    if (length <= 0) return null;
    if (this.#readsInPlace) return encoder.decode(this.#viewOf(buffer), offset, offset + length);
    return encoder.decode(this.#slices.copyOf(buffer, offset, length), 0, length);
  }

  #viewOf(buffer: DirectBuffer): Buffer {
    if (this.#viewed !== buffer) {
      this.#viewed = buffer;
      this.#view = Buffer.from(buffer.buffer as ArrayBuffer, buffer.byteOffset, buffer.capacity);
    }
    return this.#view;
  }
}
