/**
 * Frame objects of rsocket-core 0.0.27 to bytes, each written into the place that the outbound queue opens for it. The
 * bytes are those of that library's `serializeFrame`, but where it is at fault:
 *
 *   metadata of an answer, of a METADATA_PUSH and of a LEASE goes with the flag that says so, and is not lost
 *   a payload longer than a frame goes in fragments
 */
import {
  alignmentOf,
  encodeCancel,
  encodeKeepAlive,
  encodeLease,
  encodeMetadataPush,
  encodePayload,
  encodeRequestChannel,
  encodeRequestFnf,
  encodeRequestN,
  encodeRequestResponse,
  encodeRequestStream,
  encodeResume,
  encodeResumeOk,
  encodeSetup,
  Fragmenter,
  lengthOfCancel,
  lengthOfKeepAlive,
  lengthOfLease,
  lengthOfMetadataPush,
  lengthOfRequest,
  lengthOfRequestN,
  lengthOfResume,
  lengthOfResumeOk,
  lengthOfSetup,
} from '../../codec/index.ts';
import { type CounterBlock, LinkCounter } from '../../counters/index.ts';
import { ErrorFlyweight, FrameFlag, FrameType, PayloadFlyweight, RSocketError } from '../../flyweight/index.ts';
import type { DuplexConnection } from '../../transport/index.ts';
import type { OutboundQueue } from '../OutboundQueue.ts';
import { type Encoder, type Encoders, UTF8_ENCODERS } from './Encoders.ts';
import type { Frame } from './Frame.ts';
import { PartStaging } from './PartStaging.ts';

export class FrameWriter {
  readonly #queue: OutboundQueue;
  readonly #encoders: Encoders;
  readonly #maxFrameLength: number;
  readonly #counters: CounterBlock | undefined;
  readonly #staging: PartStaging = PartStaging.ofThisThread();
  readonly #payload: PayloadFlyweight = new PayloadFlyweight();
  readonly #fragmenter: Fragmenter = new Fragmenter();

  /** @param connection what `queue` sends on */
  constructor(queue: OutboundQueue, encoders: Encoders | undefined, connection: DuplexConnection) {
    this.#queue = queue;
    this.#encoders = encoders ?? UTF8_ENCODERS;
    this.#maxFrameLength = connection.maxFrameLength;
    this.#counters = connection.counters;
  }

  /**
   * Sends a frame, or lets it wait; nothing of it is kept but bytes. It is nothing if the connection has ended.
   * @throws RSocketError ERR_FLYSOCKET_FRAME_TYPE, ERR_FLYSOCKET_FRAME_TOO_LONG, ERR_FLYSOCKET_MIME_TYPE,
   *   ERR_FLYSOCKET_RESUME_TOKEN; whatever an encoder throws
   */
  write(frame: Frame): void {
    const { type, streamId } = frame;
    switch (type) {
      case FrameType.PAYLOAD:
      case FrameType.REQUEST_RESPONSE:
      case FrameType.REQUEST_FNF:
      case FrameType.REQUEST_STREAM:
      case FrameType.REQUEST_CHANNEL:
        this.#writePayload(frame);
        break;
      case FrameType.REQUEST_N:
        if (!this.#queue.place(lengthOfRequestN(), 0)) return;
        encodeRequestN(this.#queue.buffer, this.#queue.index, streamId, frame.requestN ?? 0);
        this.#queue.commit();
        break;
      case FrameType.CANCEL:
        if (!this.#queue.place(lengthOfCancel(), 0)) return;
        encodeCancel(this.#queue.buffer, this.#queue.index, streamId);
        this.#queue.commit();
        break;
      case FrameType.ERROR:
        this.#writeError(streamId, frame.code ?? 0, frame.message);
        break;
      default:
        this.#writeConnectionFrame(frame);
    }
  }

  #writePayload(frame: Frame): void {
    const queue = this.#queue;
    const { type, streamId, flags, requestN = 0 } = frame;
    const payload = this.#stage(frame);
    const length = lengthOfRequest(type, payload);
    if (length > this.#maxFrameLength) {
      this.#writeFragments(type, streamId, flags, requestN, payload);
      return;
    }
    if (!queue.place(length, alignmentOf(type, payload))) return;
    const { buffer, index } = queue;
    if (type === FrameType.PAYLOAD) {
      encodePayload(buffer, index, streamId, flags & (FrameFlag.NEXT | FrameFlag.COMPLETE), payload);
    } else if (type === FrameType.REQUEST_RESPONSE) {
      encodeRequestResponse(buffer, index, streamId, payload);
    } else if (type === FrameType.REQUEST_FNF) {
      encodeRequestFnf(buffer, index, streamId, payload);
    } else if (type === FrameType.REQUEST_STREAM) {
      encodeRequestStream(buffer, index, streamId, requestN, payload);
    } else {
      encodeRequestChannel(buffer, index, streamId, requestN, (flags & FrameFlag.COMPLETE) !== 0, payload);
    }
    queue.commit();
  }

  #writeFragments(type: number, streamId: number, flags: number, requestN: number, payload: PayloadFlyweight): void {
    const queue = this.#queue;
    const fragmenter = this.#fragmenter;
    fragmenter.start(type, streamId, flags, requestN, payload, this.#maxFrameLength);
    while (fragmenter.hasNext) {
      if (!queue.place(fragmenter.nextLength(), fragmenter.nextAlignment())) return;
      fragmenter.encodeNext(queue.buffer, queue.index);
      queue.commit();
      this.#counters?.add(LinkCounter.FRAGMENTS_SENT, 1);
    }
  }

  #writeError(streamId: number, code: number, message: unknown): void {
    const staging = this.#staging;
    staging.clear();
    staging.length = 0;
    if (message !== undefined && message !== null) staging.stage(this.#encoders.message, message);
    const at = ErrorFlyweight.DATA_FIELD_OFFSET;
    if (!this.#place(at + staging.length)) return;
    const { buffer, index } = this.#queue;
    ErrorFlyweight.putHeader(buffer, index, streamId);
    ErrorFlyweight.putErrorCode(buffer, index, code);
    if (staging.length > 0) buffer.putBuffer(index + at, staging.buffer, staging.offset, staging.length);
    this.#queue.commit();
  }

  #writeConnectionFrame(frame: Frame): void {
    const queue = this.#queue;
    const payload = this.#stage(frame);
    switch (frame.type) {
      case FrameType.KEEPALIVE: {
        const { dataBuffer, dataOffset, dataLength } = payload;
        const respond = (frame.flags & FrameFlag.RESPOND) !== 0;
        if (!this.#place(lengthOfKeepAlive(dataLength))) return;
        const position = frame.lastReceivedPosition ?? 0;
        encodeKeepAlive(queue.buffer, queue.index, respond, position, dataBuffer, dataOffset, dataLength);
        break;
      }
      case FrameType.LEASE:
        if (!this.#place(lengthOfLease(payload))) return;
        encodeLease(queue.buffer, queue.index, frame.ttl ?? 0, frame.requestCount ?? 0, payload);
        break;
      case FrameType.METADATA_PUSH:
        if (!this.#place(lengthOfMetadataPush(payload))) return;
        encodeMetadataPush(queue.buffer, queue.index, payload);
        break;
      case FrameType.SETUP:
        this.#writeSetup(frame, payload);
        return;
      case FrameType.RESUME: {
        const token = this.#bytesOf(this.#encoders.resumeToken, frame.resumeToken);
        if (!this.#place(lengthOfResume(token.length))) return;
        encodeResume(queue.buffer, queue.index, token, frame.serverPosition ?? 0, frame.clientPosition ?? 0);
        break;
      }
      case FrameType.RESUME_OK:
        if (!this.#place(lengthOfResumeOk())) return;
        encodeResumeOk(queue.buffer, queue.index, frame.clientPosition ?? 0);
        break;
      default:
        throw new RSocketError('ERR_FLYSOCKET_FRAME_TYPE', `not a frame that can be sent: type=${frame.type}`);
    }
    queue.commit();
  }

  #writeSetup(frame: Frame, payload: PayloadFlyweight): void {
    const { dataMimeType, metadataMimeType, resumeToken } = this.#encoders;
    const options = {
      keepAliveIntervalMs: frame.keepAlive ?? 0,
      maxLifetimeMs: frame.lifetime ?? 0,
      metadataMimeType: this.#bytesOf(metadataMimeType, frame.metadataMimeType).toString('latin1'),
      dataMimeType: this.#bytesOf(dataMimeType, frame.dataMimeType).toString('latin1'),
      lease: (frame.flags & FrameFlag.LEASE) !== 0,
      resumeToken: (frame.flags & FrameFlag.RESUME) !== 0 ? this.#bytesOf(resumeToken, frame.resumeToken) : undefined,
      majorVersion: frame.majorVersion,
      minorVersion: frame.minorVersion,
    };
    if (!this.#place(lengthOfSetup(options, payload))) return;
    encodeSetup(this.#queue.buffer, this.#queue.index, options, payload);
    this.#queue.commit();
  }

  /** Opens a place for a frame that is never cut. */
  #place(length: number): boolean {
    if (length <= this.#maxFrameLength) return this.#queue.place(length, 0);
    const message = `frame too long: length=${length}, maxFrameLength=${this.#maxFrameLength}`;
    throw new RSocketError('ERR_FLYSOCKET_FRAME_TOO_LONG', message);
  }

  /** Metadata and data of a frame, encoded: valid until the next frame. */
  #stage({ flags, data, metadata }: Frame): PayloadFlyweight {
    const staging = this.#staging;
    const payload = this.#payload.clear();
    staging.clear();
    if (metadata !== undefined && metadata !== null) {
      staging.stage(this.#encoders.metadata, metadata);
      payload.wrapMetadata(staging.buffer, staging.offset, staging.length);
    } else if ((flags & FrameFlag.METADATA) !== 0) {
      payload.metadataLength = 0;
    }
    if (data !== undefined && data !== null) {
      staging.stage(this.#encoders.data, data);
      payload.wrapData(staging.buffer, staging.offset, staging.length);
    }
    return payload;
  }

  #bytesOf(encoder: Encoder, value: unknown): Buffer {
    if (value === undefined || value === null) return Buffer.alloc(0);
    const bytes = Buffer.alloc(encoder.byteLength(value));
    encoder.encode(value, bytes, 0, bytes.length);
    return bytes;
  }
}
