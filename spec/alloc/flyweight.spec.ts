import * as flyweight from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { bytesPerOp } from '../support/bytesPerOp.ts';
import { suite } from '../support/suite.ts';

const test = suite('flyweights allocate nothing');

const {
  DirectBuffer,
  FrameFlag,
  CancelFlyweight,
  ErrorFlyweight,
  ExtFlyweight,
  FrameHeaderFlyweight,
  KeepAliveFlyweight,
  LeaseFlyweight,
  MetadataPushFlyweight,
  PayloadFrameFlyweight,
  RequestChannelFlyweight,
  RequestFnfFlyweight,
  RequestNFlyweight,
  RequestResponseFlyweight,
  RequestStreamFlyweight,
  ResumeFlyweight,
  ResumeOkFlyweight,
  SetupFlyweight,
} = flyweight;

const BYTES_PER_OP_LIMIT = 1;
const LENGTH = 64;
/** Frames lie at changing odd offsets. */
const OFFSET_MASK = 0x3e;
const plain = new DirectBuffer(new ArrayBuffer(256));
const shared = new DirectBuffer(new SharedArrayBuffer(256));
const text = new DirectBuffer(Uint8Array.of(0x6d, 0x64, 0x6d, 0x64));
/** Keeps what is read in use, without a heap number of its own. */
const sink = new Float64Array(1);
const FLAGS = FrameFlag.METADATA | FrameFlag.NEXT;
const setup = new SetupFlyweight();
const lease = new LeaseFlyweight();
const keepAlive = new KeepAliveFlyweight();
const requestResponse = new RequestResponseFlyweight();
const requestFnf = new RequestFnfFlyweight();
const requestStream = new RequestStreamFlyweight();
const requestChannel = new RequestChannelFlyweight();
const requestN = new RequestNFlyweight();
const cancel = new CancelFlyweight();
const payload = new PayloadFrameFlyweight();
const error = new ErrorFlyweight();
const metadataPush = new MetadataPushFlyweight();
const resume = new ResumeFlyweight();
const resumeOk = new ResumeOkFlyweight();
const ext = new ExtFlyweight();
const header = new FrameHeaderFlyweight();

type Operation = (buffer: flyweight.DirectBuffer, offset: number, i: number) => number;

/**
 * Each writes every field of one frame and reads it back: the sum of what was read. They are short, as real callers
 * are: where the engine does not inline a call, a number beyond 31 bits crosses it in a box of its own.
 */
const operations: Readonly<Record<string, Operation>> = {
  header: (buffer, offset, i) => {
    header.wrap(buffer, offset, LENGTH).putHeader(i, 0x0a, FLAGS).putStreamId(i).putFlags(FLAGS);
    return header.streamId + header.type + header.flags + FrameHeaderFlyweight.typeAndFlags(buffer, offset);
  },
  SETUP: (buffer, offset, i) => {
    setup.wrap(buffer, offset, LENGTH).putHeader(FrameFlag.RESUME | FrameFlag.METADATA);
    setup.putMajorVersion(1).putMinorVersion(0).putKeepAliveIntervalMs(i).putMaxLifetimeMs(i);
    setup.putResumeToken(text, 0, 4);
    buffer.putUint8(setup.metadataMimeTypeOffset - 1, 1);
    buffer.putUint8(setup.dataMimeTypeOffset - 1, 1);
    setup.putMetadata(text, 0, 2).putData(text, 0, 4);
    const fixed = setup.majorVersion + setup.minorVersion + setup.keepAliveIntervalMs + setup.maxLifetimeMs;
    const token = setup.resumeTokenLength + setup.resumeTokenOffset;
    return fixed + token + setup.metadataLength + setup.metadataOffset + setup.dataLength + setup.dataOffset;
  },
  LEASE: (buffer, offset, i) => {
    lease.wrap(buffer, offset, LENGTH).putHeader(FLAGS).putTimeToLiveMs(i).putNumberOfRequests(i);
    lease.putMetadata(text, 0, 4);
    return lease.timeToLiveMs + lease.numberOfRequests + lease.metadataLength + lease.metadataOffset;
  },
  KEEPALIVE: (buffer, offset, i) => {
    keepAlive
      .wrap(buffer, offset, LENGTH)
      .putHeader(FLAGS)
      .putLastReceivedPosition(i * 2 ** 21);
    keepAlive.putData(text, 0, 4);
    return keepAlive.lastReceivedPosition + keepAlive.dataLength + keepAlive.dataOffset;
  },
  REQUEST_RESPONSE: (buffer, offset, i) => {
    requestResponse.wrap(buffer, offset, LENGTH).putHeader(i, FLAGS).putMetadata(text, 0, 2).putData(text, 0, 4);
    return requestResponse.streamId + requestResponse.metadataLength + requestResponse.dataLength;
  },
  REQUEST_FNF: (buffer, offset, i) => {
    requestFnf.wrap(buffer, offset, LENGTH).putHeader(i, FLAGS).putMetadata(text, 0, 2).putData(text, 0, 4);
    return requestFnf.streamId + requestFnf.metadataLength + requestFnf.dataLength;
  },
  REQUEST_STREAM: (buffer, offset, i) => {
    requestStream.wrap(buffer, offset, LENGTH).putHeader(i, FLAGS).putInitialRequestN(i);
    requestStream.putMetadata(text, 0, 2).putData(text, 0, 4);
    return requestStream.initialRequestN + requestStream.metadataOffset + requestStream.dataLength;
  },
  REQUEST_CHANNEL: (buffer, offset, i) => {
    requestChannel.wrap(buffer, offset, LENGTH).putHeader(i, FLAGS).putInitialRequestN(i);
    requestChannel.putMetadata(text, 0, 2).putData(text, 0, 4);
    return requestChannel.initialRequestN + requestChannel.metadataOffset + requestChannel.dataLength;
  },
  REQUEST_N: (buffer, offset, i) => {
    requestN.wrap(buffer, offset, RequestNFlyweight.FRAME_LENGTH).putHeader(i).putRequestN(i);
    return requestN.streamId + requestN.requestN + RequestNFlyweight.requestN(buffer, offset);
  },
  CANCEL: (buffer, offset, i) => cancel.wrap(buffer, offset, CancelFlyweight.FRAME_LENGTH).putHeader(i).streamId,
  PAYLOAD: (buffer, offset, i) => {
    payload.wrap(buffer, offset, LENGTH).putHeader(i, FLAGS).putMetadata(text, 0, 2).putData(text, 0, 4);
    return payload.streamId + payload.flags + payload.metadataOffset + payload.dataOffset + payload.dataLength;
  },
  ERROR: (buffer, offset, i) => {
    error
      .wrap(buffer, offset, LENGTH)
      .putHeader(i)
      .putErrorCode(0x80000000 + i);
    error.putData(text, 0, 4);
    return error.errorCode + error.dataLength + error.dataOffset;
  },
  METADATA_PUSH: (buffer, offset) => {
    metadataPush.wrap(buffer, offset, LENGTH).putHeader().putMetadata(text, 0, 4);
    return metadataPush.flags + metadataPush.metadataLength + metadataPush.metadataOffset;
  },
  'RESUME, version and token': (buffer, offset) => {
    resume.wrap(buffer, offset, LENGTH).putHeader().putMajorVersion(1).putMinorVersion(0).putResumeToken(text, 0, 4);
    return resume.majorVersion + resume.minorVersion + resume.resumeTokenLength + resume.resumeTokenOffset;
  },
  'RESUME, server position': (buffer, offset, i) => {
    buffer.putUint16(offset + ResumeFlyweight.RESUME_TOKEN_LENGTH_FIELD_OFFSET, 4);
    resume.wrap(buffer, offset, LENGTH).putLastReceivedServerPosition(i * 2 ** 21);
    return resume.lastReceivedServerPosition;
  },
  'RESUME, client position': (buffer, offset, i) => {
    buffer.putUint16(offset + ResumeFlyweight.RESUME_TOKEN_LENGTH_FIELD_OFFSET, 4);
    resume.wrap(buffer, offset, LENGTH).putFirstAvailableClientPosition(i * 2 ** 21);
    return resume.firstAvailableClientPosition;
  },
  RESUME_OK: (buffer, offset, i) => {
    resumeOk.wrap(buffer, offset, ResumeOkFlyweight.FRAME_LENGTH).putHeader();
    return resumeOk.putLastReceivedClientPosition(i * 2 ** 21).lastReceivedClientPosition;
  },
  EXT: (buffer, offset, i) => {
    ext.wrap(buffer, offset, LENGTH).putHeader(i, FLAGS).putExtendedType(i).putExtendedData(text, 0, 4);
    return ext.extendedType + ext.extendedDataLength + ext.extendedDataOffset;
  },
};

/**
 * A loop of its own for each operation, so that none is measured through a call site that others shaped. It takes
 * turns between memory that is shared and memory that is not.
 */
function loopOf(operation: Operation): (count: number) => void {
  const source = `return (count) => {
    for (let i = 0; i < count; i++) sink[0] += operation(i & 1 ? plain : shared, (i & mask) | 1, i);
  };`;
  const make = new Function('operation', 'plain', 'shared', 'sink', 'mask', source);
  return make(operation, plain, shared, sink, OFFSET_MASK) as (count: number) => void;
}

for (const [name, operation] of Object.entries(operations)) {
  test(`${name} is written and read`, () => {
    const bytes = bytesPerOp(loopOf(operation), { rounds: 3 });
    assert.ok(bytes < BYTES_PER_OP_LIMIT, `${bytes} bytes per operation`);
  });
}

test('the measure sees a flyweight made for each frame', () => {
  const kept: object[] = new Array(64).fill(header);
  const bytes = bytesPerOp((count) => {
    for (let i = 0; i < count; i++) kept[i & 63] = new PayloadFrameFlyweight();
  });
  assert.ok(bytes >= 16, `${bytes} bytes per operation`);
});

test.run();
