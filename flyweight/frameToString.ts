import { CancelFlyweight } from './CancelFlyweight.ts';
import { DirectBuffer } from './DirectBuffer.ts';
import { ErrorFlyweight } from './ErrorFlyweight.ts';
import { ExtFlyweight } from './ExtFlyweight.ts';
import { FrameHeaderFlyweight } from './FrameHeaderFlyweight.ts';
import { FrameType } from './FrameType.ts';
import { KeepAliveFlyweight } from './KeepAliveFlyweight.ts';
import { LeaseFlyweight } from './LeaseFlyweight.ts';
import { MetadataPushFlyweight } from './MetadataPushFlyweight.ts';
import { PayloadFrameFlyweight } from './PayloadFrameFlyweight.ts';
import { RequestChannelFlyweight } from './RequestChannelFlyweight.ts';
import { RequestFnfFlyweight } from './RequestFnfFlyweight.ts';
import { RequestNFlyweight } from './RequestNFlyweight.ts';
import { RequestResponseFlyweight } from './RequestResponseFlyweight.ts';
import { RequestStreamFlyweight } from './RequestStreamFlyweight.ts';
import { ResumeFlyweight } from './ResumeFlyweight.ts';
import { ResumeOkFlyweight } from './ResumeOkFlyweight.ts';
import { SetupFlyweight } from './SetupFlyweight.ts';

/**
 * One line about the frame, for logs: its type, then its fields in wire order; of the bytes only an ERROR's text.
 * Takes any bytes: what is too short for its type or of no known type is said to be so. Allocates; not for hot paths.
 */
export function frameToString(buffer: DirectBuffer, offset: number, length: number): string {
  if (length < FrameHeaderFlyweight.HEADER_LENGTH) return `TOO_SHORT{length=${length}}`;
  const frame = new DirectBuffer(buffer.bytes, offset, length);
  try {
    return flyweightOf(FrameHeaderFlyweight.type(frame, 0)).wrap(frame, 0, length).toString();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return `TOO_SHORT_FOR_ITS_TYPE: ${new FrameHeaderFlyweight().wrap(frame, 0, length)}`;
  }
}

interface Wrapping {
  wrap(buffer: DirectBuffer, offset: number, length: number): this;
}

function flyweightOf(type: number): Wrapping {
  switch (type) {
    case FrameType.SETUP:
      return new SetupFlyweight();
    case FrameType.LEASE:
      return new LeaseFlyweight();
    case FrameType.KEEPALIVE:
      return new KeepAliveFlyweight();
    case FrameType.REQUEST_RESPONSE:
      return new RequestResponseFlyweight();
    case FrameType.REQUEST_FNF:
      return new RequestFnfFlyweight();
    case FrameType.REQUEST_STREAM:
      return new RequestStreamFlyweight();
    case FrameType.REQUEST_CHANNEL:
      return new RequestChannelFlyweight();
    case FrameType.REQUEST_N:
      return new RequestNFlyweight();
    case FrameType.CANCEL:
      return new CancelFlyweight();
    case FrameType.PAYLOAD:
      return new PayloadFrameFlyweight();
    case FrameType.ERROR:
      return new ErrorFlyweight();
    case FrameType.METADATA_PUSH:
      return new MetadataPushFlyweight();
    case FrameType.RESUME:
      return new ResumeFlyweight();
    case FrameType.RESUME_OK:
      return new ResumeOkFlyweight();
    case FrameType.EXT:
      return new ExtFlyweight();
    default:
      return new FrameHeaderFlyweight();
  }
}
