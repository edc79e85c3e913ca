import {
  alignmentOf,
  encodeCancel,
  encodeError,
  encodeExt,
  encodeKeepAlive,
  encodeLease,
  encodeMetadataPush,
  encodePayload,
  encodeRequestChannel,
  encodeRequestN,
  encodeRequestStream,
  encodeResume,
  encodeResumeOk,
  encodeSetup,
  Fragmenter,
  lengthOfCancel,
  lengthOfError,
  lengthOfExt,
  lengthOfKeepAlive,
  lengthOfLease,
  lengthOfMetadataPush,
  lengthOfRequest,
  lengthOfRequestN,
  lengthOfResume,
  lengthOfResumeOk,
  lengthOfSetup,
  MAX_FRAME_LENGTH,
  type SetupOptions,
} from '../../codec/index.ts';
import { DEFAULT_MIME_TYPE } from '../../core/index.ts';
import {
  DirectBuffer,
  FrameFlag,
  FrameHeaderFlyweight,
  FrameType,
  NO_METADATA,
  PayloadFlyweight,
  RequestStreamFlyweight,
  RSocketError,
} from '../../flyweight/index.ts';
import type { OutboundQueue } from '../OutboundQueue.ts';
import type { AnyFrame, Bytes } from './AnyFrame.ts';

const { HEADER_LENGTH } = FrameHeaderFlyweight;
const METADATA_LENGTH_SIZE = 3;
/** Longest metadata that its length field can say. */
const MAX_METADATA_LENGTH = 0xffffff;
const NOTHING = new DirectBuffer(new ArrayBuffer(0));

/**
 * Writes frame objects of rsocket-core straight to where the transport wants them, one copy of metadata and data each,
 * with the flags as that library has set them. What is longer than the transport's longest frame goes in fragments.
 */
export class FrameWriter {
  readonly #queue: OutboundQueue;
  readonly #maxFrameLength: number;
  readonly #payload: PayloadFlyweight = new PayloadFlyweight();
  readonly #fragmenter: Fragmenter = new Fragmenter();

  /** @param maxFrameLength longest frame in bytes that the transport takes */
  constructor(queue: OutboundQueue, maxFrameLength: number) {
    this.#queue = queue;
    this.#maxFrameLength = maxFrameLength;
  }

  /**
   * Sends a frame, or keeps it until there is room. The frame's Buffers have been read when this returns.
   * @returns the number of frames that it became: 0 if the connection has ended, or has been ended by this
   * @throws TypeError if data or metadata are no bytes; RSocketError ERR_FLYSOCKET_FRAME_TOO_LONG for a frame that has
   *   no fragments, ERR_FLYSOCKET_MIME_TYPE, ERR_FLYSOCKET_RESUME_TOKEN. Nothing is sent then
   */
  write(frame: AnyFrame): number {
    switch (frame.type) {
      case FrameType.PAYLOAD:
      case FrameType.REQUEST_RESPONSE:
      case FrameType.REQUEST_FNF:
        return this.#writeWithBody(frame, HEADER_LENGTH);
      case FrameType.REQUEST_STREAM:
      case FrameType.REQUEST_CHANNEL:
        return this.#writeWithBody(frame, RequestStreamFlyweight.BODY_OFFSET);
      case FrameType.REQUEST_N:
        if (!this.#place(lengthOfRequestN())) return 0;
        encodeRequestN(this.#queue.buffer, this.#queue.index, frame.streamId, frame.requestN ?? 0);
        return this.#commit(frame.flags);
      case FrameType.CANCEL:
        if (!this.#place(lengthOfCancel())) return 0;
        encodeCancel(this.#queue.buffer, this.#queue.index, frame.streamId);
        return this.#commit(frame.flags);
      case FrameType.ERROR:
        return this.#writeError(frame);
      default:
        return this.#writeRare(frame);
    }
  }

  /** @param bodyOffset where metadata and data begin in the frame; what lies between that and the header is n */
  #writeWithBody(frame: AnyFrame, bodyOffset: number): number {
    const data = bytesOf(frame.data);
    const metadata = bytesOf(frame.metadata);
    const dataLength = data === undefined ? 0 : data.length;
    const metadataLength = metadata === undefined ? 0 : metadata.length;
    const hasMetadata = (frame.flags & FrameFlag.METADATA) !== 0;
    const dataAt = hasMetadata ? bodyOffset + METADATA_LENGTH_SIZE + metadataLength : bodyOffset;
    const length = dataAt + dataLength;
    if (length > this.#maxFrameLength || metadataLength > MAX_METADATA_LENGTH) return this.#writeFragments(frame);
    // Where the larger part lies congruent with its source modulo 8, it is copied by words.
    const alignment =
      metadataLength > dataLength
        ? ((metadata as Buffer).byteOffset - bodyOffset - METADATA_LENGTH_SIZE) & 7
        : ((data === undefined ? 0 : data.byteOffset) - dataAt) & 7;
    const queue = this.#queue;
    if (!queue.place(length, alignment)) return 0;
    const buffer = queue.buffer;
    const index = queue.index;
    FrameHeaderFlyweight.encode(buffer, index, frame.streamId, frame.type, frame.flags);
    if (bodyOffset !== HEADER_LENGTH) RequestStreamFlyweight.putInitialRequestN(buffer, index, frame.requestN ?? 0);
    if (hasMetadata) {
      buffer.putUint24(index + bodyOffset, metadataLength);
      if (metadataLength > 0) buffer.putBytes(index + bodyOffset + METADATA_LENGTH_SIZE, metadata as Buffer);
    }
    if (dataLength > 0) buffer.putBytes(index + dataAt, data as Buffer);
    queue.commit();
    return 1;
  }

  #writeFragments(frame: AnyFrame): number {
    const { type, flags, streamId, requestN = 0 } = frame;
    const fragmenter = this.#fragmenter;
    const hasMetadata = (flags & FrameFlag.METADATA) !== 0;
    const payload = this.#show(frame.data, hasMetadata ? (frame.metadata ?? Buffer.alloc(0)) : undefined);
    const length = lengthOfRequest(type, payload);
    if (length <= MAX_FRAME_LENGTH && this.#queue.placeLarge(length, alignmentOf(type, payload), payload)) {
      return this.#writeWhole(frame, payload);
    }
    fragmenter.start(type, streamId, flags, requestN, payload, this.#maxFrameLength);
    let frames = 0;
    while (fragmenter.hasNext) {
      if (!this.#queue.place(fragmenter.nextLength(), fragmenter.nextAlignment())) break;
      const { buffer, index } = this.#queue;
      fragmenter.encodeNext(buffer, index);
      // A frame that was a fragment already has others behind it.
      if ((flags & FrameFlag.FOLLOWS) !== 0 && !fragmenter.hasNext) {
        FrameHeaderFlyweight.putFlags(buffer, index, FrameHeaderFlyweight.flags(buffer, index) | FrameFlag.FOLLOWS);
      }
      this.#queue.commit();
      frames++;
    }
    payload.clear();
    return fragmenter.hasNext ? 0 : frames;
  }

  #writeWhole({ type, flags, streamId, requestN = 0 }: AnyFrame, payload: PayloadFlyweight): number {
    const queue = this.#queue;
    const { buffer, index } = queue;
    if (type === FrameType.REQUEST_STREAM) encodeRequestStream(buffer, index, streamId, requestN, payload);
    else if (type === FrameType.REQUEST_CHANNEL)
      encodeRequestChannel(buffer, index, streamId, requestN, false, payload);
    else encodePayload(buffer, index, streamId, 0, payload);
    FrameHeaderFlyweight.encode(buffer, index, streamId, type, flags);
    queue.commit();
    payload.clear();
    return 1;
  }

  /** A message that does not fit is cut: what counts is that the peer hears of the error. */
  #writeError({ streamId, flags, code = 0, message = '' }: AnyFrame): number {
    let text = String(message);
    while (lengthOfError(text) > this.#maxFrameLength) text = text.slice(0, text.length >>> 1);
    if (!this.#place(lengthOfError(text))) return 0;
    encodeError(this.#queue.buffer, this.#queue.index, streamId, code, text);
    return this.#commit(flags);
  }

  #writeRare(frame: AnyFrame): number {
    const { type, flags, streamId } = frame;
    const queue = this.#queue;
    switch (type) {
      case FrameType.KEEPALIVE: {
        const { dataBuffer, dataLength } = this.#show(frame.data, undefined);
        if (!this.#place(lengthOfKeepAlive(dataLength))) return 0;
        const position = frame.lastReceivedPosition ?? 0;
        encodeKeepAlive(queue.buffer, queue.index, false, position, dataBuffer, 0, dataLength);
        return this.#commit(flags);
      }
      case FrameType.EXT: {
        const { dataBuffer, dataLength } = this.#show(frame.extendedContent, undefined);
        if (!this.#place(lengthOfExt(dataLength))) return 0;
        encodeExt(queue.buffer, queue.index, streamId, flags, frame.extendedType ?? 0, dataBuffer, 0, dataLength);
        return this.#commit(flags);
      }
      case FrameType.LEASE: {
        const payload = this.#show(undefined, frame.metadata);
        if (!this.#place(lengthOfLease(payload))) return 0;
        encodeLease(queue.buffer, queue.index, frame.ttl ?? 0, frame.requestCount ?? 0, payload);
        return this.#commit(flags);
      }
      case FrameType.METADATA_PUSH: {
        const payload = this.#show(undefined, frame.metadata);
        if (!this.#place(lengthOfMetadataPush(payload))) return 0;
        encodeMetadataPush(queue.buffer, queue.index, payload);
        return this.#commit(flags | FrameFlag.METADATA);
      }
      case FrameType.SETUP: {
        const hasMetadata = (flags & FrameFlag.METADATA) !== 0;
        const payload = this.#show(frame.data, hasMetadata ? (frame.metadata ?? Buffer.alloc(0)) : undefined);
        const setup = setupOf(frame);
        if (!this.#place(lengthOfSetup(setup, payload))) return 0;
        encodeSetup(queue.buffer, queue.index, setup, payload);
        return this.#commit(flags);
      }
      case FrameType.RESUME: {
        const token = frame.resumeToken ?? Buffer.alloc(0);
        if (!this.#place(lengthOfResume(token.length))) return 0;
        encodeResume(queue.buffer, queue.index, token, frame.serverPosition ?? 0, frame.clientPosition ?? 0);
        return this.#commit(flags);
      }
      case FrameType.RESUME_OK:
        if (!this.#place(lengthOfResumeOk())) return 0;
        encodeResumeOk(queue.buffer, queue.index, frame.clientPosition ?? 0);
        return this.#commit(flags);
      default:
        throw new RSocketError('ERR_FLYSOCKET_FRAME_TYPE', `no type of a frame: ${type}`);
    }
  }

  #place(length: number): boolean {
    if (length <= this.#maxFrameLength) return this.#queue.place(length, 0);
    const message = `frame too long: length=${length}, maxFrameLength=${this.#maxFrameLength}, and it has no fragments`;
    throw new RSocketError('ERR_FLYSOCKET_FRAME_TOO_LONG', message);
  }

  #commit(flags: number): number {
    const queue = this.#queue;
    if (flags !== 0) FrameHeaderFlyweight.putFlags(queue.buffer, queue.index, flags);
    queue.commit();
    return 1;
  }

  /** Wraps what is long, or comes seldom. */
  #show(data: Bytes, metadata: Bytes): PayloadFlyweight {
    const payload = this.#payload.clear();
    const dataBytes = bytesOf(data);
    const metadataBytes = bytesOf(metadata);
    if (dataBytes === undefined) payload.wrapData(NOTHING, 0, 0);
    else payload.wrapData(new DirectBuffer(dataBytes), 0, dataBytes.length);
    if (metadataBytes === undefined) payload.wrapMetadata(NOTHING, 0, NO_METADATA);
    else payload.wrapMetadata(new DirectBuffer(metadataBytes), 0, metadataBytes.length);
    return payload;
  }
}

function bytesOf(bytes: Bytes): Buffer | undefined {
  if (bytes === undefined || bytes === null) return undefined;
  if (bytes instanceof Uint8Array) return bytes;
  throw new TypeError(`data and metadata of a frame are Buffers, not ${typeof bytes}`);
}

function setupOf(frame: AnyFrame): SetupOptions {
  return {
    keepAliveIntervalMs: frame.keepAlive ?? 0,
    maxLifetimeMs: frame.lifetime ?? 0,
    metadataMimeType: frame.metadataMimeType ?? DEFAULT_MIME_TYPE,
    dataMimeType: frame.dataMimeType ?? DEFAULT_MIME_TYPE,
    resumeToken: frame.resumeToken ?? undefined,
    majorVersion: frame.majorVersion,
    minorVersion: frame.minorVersion,
  };
}
