import * as codec from 'flysocket/codec';
import { type DirectBuffer, FrameFlag, FrameType } from 'flysocket/flyweight';
import { type FrameVector, flagsOf, typeOf } from '../vectors/frameVectors.ts';
import { payloadOf } from './payloads.ts';

/** Length that the codec gives the frame of a golden vector, and the frame written at `offset`. */
export function encodeVector(vector: FrameVector, buffer: DirectBuffer, offset: number): [number, number] {
  const { streamId, fields } = vector;
  const flags = flagsOf(vector);
  const type = typeOf(vector);
  const text = (name: string): string | undefined => (fields[name] as string | null) ?? undefined;
  const number = (name: string): number => fields[name] as number;
  const payload = payloadOf(text('metadata'), text('data'));
  const { dataBuffer, dataOffset, dataLength } = payload;
  switch (type) {
    case FrameType.REQUEST_RESPONSE:
      return [codec.lengthOfRequest(type, payload), codec.encodeRequestResponse(buffer, offset, streamId, payload)];
    case FrameType.REQUEST_FNF:
      return [codec.lengthOfRequest(type, payload), codec.encodeRequestFnf(buffer, offset, streamId, payload)];
    case FrameType.REQUEST_STREAM: {
      const length = codec.encodeRequestStream(buffer, offset, streamId, number('initialRequestN'), payload);
      return [codec.lengthOfRequest(type, payload), length];
    }
    case FrameType.REQUEST_CHANNEL: {
      const n = number('initialRequestN');
      const complete = (flags & FrameFlag.COMPLETE) !== 0;
      const length = codec.encodeRequestChannel(buffer, offset, streamId, n, complete, payload);
      return [codec.lengthOfRequest(type, payload), length];
    }
    case FrameType.PAYLOAD: {
      const plain = flags & (FrameFlag.NEXT | FrameFlag.COMPLETE);
      return [codec.lengthOfPayload(payload), codec.encodePayload(buffer, offset, streamId, plain, payload)];
    }
    case FrameType.REQUEST_N:
      return [codec.lengthOfRequestN(), codec.encodeRequestN(buffer, offset, streamId, number('requestN'))];
    case FrameType.CANCEL:
      return [codec.lengthOfCancel(), codec.encodeCancel(buffer, offset, streamId)];
    case FrameType.ERROR: {
      const message = text('data') ?? '';
      const length = codec.encodeError(buffer, offset, streamId, number('errorCode'), message);
      return [codec.lengthOfError(message), length];
    }
    case FrameType.SETUP: {
      const options: codec.SetupOptions = {
        majorVersion: number('majorVersion'),
        minorVersion: number('minorVersion'),
        keepAliveIntervalMs: number('keepAliveIntervalMs'),
        maxLifetimeMs: number('maxLifetimeMs'),
        metadataMimeType: text('metadataMimeType') as string,
        dataMimeType: text('dataMimeType') as string,
        lease: (flags & FrameFlag.LEASE) !== 0,
        resumeToken: text('resumeToken') === undefined ? undefined : new TextEncoder().encode(text('resumeToken')),
      };
      return [codec.lengthOfSetup(options, payload), codec.encodeSetup(buffer, offset, options, payload)];
    }
    case FrameType.LEASE: {
      const [timeToLive, requests] = [number('timeToLiveMs'), number('numberOfRequests')];
      return [codec.lengthOfLease(payload), codec.encodeLease(buffer, offset, timeToLive, requests, payload)];
    }
    case FrameType.KEEPALIVE: {
      const respond = (flags & FrameFlag.RESPOND) !== 0;
      const position = number('lastReceivedPosition');
      const length = codec.encodeKeepAlive(buffer, offset, respond, position, dataBuffer, dataOffset, dataLength);
      return [codec.lengthOfKeepAlive(dataLength), length];
    }
    case FrameType.METADATA_PUSH:
      return [codec.lengthOfMetadataPush(payload), codec.encodeMetadataPush(buffer, offset, payload)];
    case FrameType.RESUME: {
      const token = new TextEncoder().encode(text('resumeToken'));
      const [server, client] = [number('lastReceivedServerPosition'), number('firstAvailableClientPosition')];
      return [codec.lengthOfResume(token.length), codec.encodeResume(buffer, offset, token, server, client)];
    }
    case FrameType.RESUME_OK:
      return [codec.lengthOfResumeOk(), codec.encodeResumeOk(buffer, offset, number('lastReceivedClientPosition'))];
    case FrameType.EXT: {
      const extended = payloadOf(undefined, text('extendedData'));
      const [data, at, length] = [extended.dataBuffer, extended.dataOffset, extended.dataLength];
      const extendedType = number('extendedType');
      const written = codec.encodeExt(buffer, offset, streamId, flags, extendedType, data, at, length);
      return [codec.lengthOfExt(length), written];
    }
    default:
      throw new Error(`no encoder for ${vector.type}`);
  }
}
