import * as codec from 'flysocket/codec';
import { DirectBuffer, FrameFlag, FrameType, PayloadFlyweight } from 'flysocket/flyweight';
import { BufferPool } from 'flysocket/pool';
import * as assert from 'uvu/assert';
import { bytesPerOp } from '../support/bytesPerOp.ts';
import { suite } from '../support/suite.ts';

const test = suite('the codec allocates nothing');

const BYTES_PER_OP_LIMIT = 1;
const source = new DirectBuffer(new ArrayBuffer(16_384));
const shared = new DirectBuffer(new SharedArrayBuffer(32_768));
const plain = new DirectBuffer(new ArrayBuffer(32_768));
const token = new Uint8Array(16);
const setup: codec.SetupOptions = {
  keepAliveIntervalMs: 20_000,
  maxLifetimeMs: 90_000,
  metadataMimeType: 'message/x.rsocket.composite-metadata.v0',
  dataMimeType: 'application/octet-stream',
  resumeToken: token,
};
/** Keeps what is read in use, without a heap number of its own. */
const sink = new Float64Array(1);

function payloadOf(metadataLength: number, dataLength: number): PayloadFlyweight {
  return new PayloadFlyweight().wrapMetadata(source, 3, metadataLength).wrapData(source, 5000, dataLength);
}

const small = payloadOf(32, 128);
type Encode = (buffer: DirectBuffer, offset: number, i: number) => number;

const ENCODERS: Record<string, Encode> = {
  REQUEST_RESPONSE: (buffer, offset, i) => codec.encodeRequestResponse(buffer, offset, i, small),
  REQUEST_FNF: (buffer, offset, i) => codec.encodeRequestFnf(buffer, offset, i, small),
  REQUEST_STREAM: (buffer, offset, i) => codec.encodeRequestStream(buffer, offset, i, 16, small),
  REQUEST_CHANNEL: (buffer, offset, i) => codec.encodeRequestChannel(buffer, offset, i, 16, true, small),
  PAYLOAD: (buffer, offset, i) => codec.encodePayload(buffer, offset, i, FrameFlag.NEXT, small),
  'PAYLOAD that completes': (buffer, offset, i) => codec.encodePayloadComplete(buffer, offset, i),
  REQUEST_N: (buffer, offset, i) => codec.encodeRequestN(buffer, offset, i, i),
  CANCEL: (buffer, offset, i) => codec.encodeCancel(buffer, offset, i),
  ERROR: (buffer, offset, i) => codec.encodeError(buffer, offset, i, 0x201, 'no such thing as äöü'),
  SETUP: (buffer, offset) => codec.encodeSetup(buffer, offset, setup, small),
  LEASE: (buffer, offset, i) => codec.encodeLease(buffer, offset, i, i, small),
  KEEPALIVE: (buffer, offset, i) => codec.encodeKeepAlive(buffer, offset, true, i, source, 0, 16),
  METADATA_PUSH: (buffer, offset) => codec.encodeMetadataPush(buffer, offset, small),
  RESUME: (buffer, offset, i) => codec.encodeResume(buffer, offset, token, i, i),
  RESUME_OK: (buffer, offset, i) => codec.encodeResumeOk(buffer, offset, i),
  EXT: (buffer, offset, i) => codec.encodeExt(buffer, offset, i, 0, 1, source, 0, 16),
};

for (const [name, encode] of Object.entries(ENCODERS)) {
  test(`encoding and checking ${name}`, () => {
    const bytes = bytesPerOp(
      (operations) => {
        for (let i = 1; i <= operations; i++) {
          const buffer = (i & 1) === 0 ? shared : plain;
          const offset = (i & 31) << 9;
          if (codec.validateFrame(buffer, offset, encode(buffer, offset, i))) sink[0] = i;
        }
      },
      { operations: 20_000, rounds: 5 },
    );
    assert.ok(bytes < BYTES_PER_OP_LIMIT, `${bytes} bytes`);
  });
}

for (const length of [64, 256, 1024, 4096]) {
  test(`encoding and decoding parts of ${length} bytes, congruent or not`, () => {
    const payload = payloadOf(length, length);
    const received = new PayloadFlyweight();
    const bytes = bytesPerOp(
      (operations) => {
        for (let i = 1; i <= operations; i++) {
          const buffer = (i & 1) === 0 ? shared : plain;
          const written = codec.encodePayload(buffer, i & 7, i, FrameFlag.NEXT, payload);
          codec.decodePayload(buffer, i & 7, written, received);
          sink[0] =
            received.dataLength + codec.lengthOfPayload(payload) + codec.alignmentOf(FrameType.PAYLOAD, payload);
        }
      },
      { operations: 5000, rounds: 5 },
    );
    assert.ok(bytes < BYTES_PER_OP_LIMIT, `${bytes} bytes`);
  });
}

test('cutting a stream into frames, in place', () => {
  const frameLength = codec.encodePayload(plain, 3, 1, FrameFlag.NEXT, small);
  codec.putFrameLength(plain, 0, frameLength);
  const chunk = new DirectBuffer(new ArrayBuffer(16 * (frameLength + 3)));
  for (let i = 0; i < 16; i++) chunk.putBuffer(i * (frameLength + 3), plain, 0, frameLength + 3);
  const decoder = new codec.FrameLengthDecoder(new BufferPool());
  const handler: codec.FrameSink = {
    onFrame(_buffer, _offset, length) {
      sink[0] = length;
    },
  };
  const bytes = bytesPerOp(
    (operations) => {
      for (let i = 0; i < operations; i++) decoder.accept(chunk, 0, chunk.capacity, handler);
    },
    { operations: 5000, rounds: 5 },
  );
  assert.ok(bytes < BYTES_PER_OP_LIMIT, `${bytes} bytes`);
});

test('gathering frames that span chunks, from a warm pool', () => {
  const frameLength = codec.encodePayload(plain, 3, 1, FrameFlag.NEXT, small);
  codec.putFrameLength(plain, 0, frameLength);
  const decoder = new codec.FrameLengthDecoder(new BufferPool());
  const handler: codec.FrameSink = {
    onFrame(_buffer, _offset, length) {
      sink[0] = length;
    },
  };
  const bytes = bytesPerOp(
    (operations) => {
      for (let i = 0; i < operations; i++) {
        decoder.accept(plain, 0, 100, handler);
        decoder.accept(plain, 100, frameLength + 3 - 100, handler);
      }
    },
    { operations: 20_000, rounds: 5 },
  );
  assert.ok(bytes < BYTES_PER_OP_LIMIT, `${bytes} bytes`);
});

test('fragmenting', () => {
  const fragmenter = new codec.Fragmenter();
  const payload = payloadOf(200, 2000);
  const bytes = bytesPerOp(
    (operations) => {
      for (let i = 0; i < operations; i++) {
        fragmenter.start(FrameType.REQUEST_CHANNEL, 1, FrameFlag.COMPLETE, 1, payload, 512);
        while (fragmenter.hasNext) {
          sink[0] = fragmenter.nextLength();
          fragmenter.encodeNext(shared, fragmenter.nextAlignment());
        }
      }
    },
    { operations: 5000, rounds: 5 },
  );
  assert.ok(bytes < BYTES_PER_OP_LIMIT, `${bytes} bytes`);
});

test.run();
