import { DirectBuffer, FrameFlag, NO_METADATA, SetupFlyweight } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('SetupFlyweight');

const OFFSET = 5;
const M_AND_R = FrameFlag.METADATA | FrameFlag.RESUME;

test('carries the longest token, MIME types, metadata and data side by side', () => {
  const token = new DirectBuffer(new Uint8Array(65_000).fill(0xee));
  const metadata = new DirectBuffer(new Uint8Array(300).fill(0x6d));
  const data = new DirectBuffer(new Uint8Array(70_000).fill(0x64));
  const metadataMimeType = 'm'.repeat(255);
  const dataMimeType = 'd'.repeat(255);
  const length = SetupFlyweight.frameLength(65_000, 255, 255, 300, 70_000);
  assert.is(length, 18 + 2 + 65_000 + 1 + 255 + 1 + 255 + 3 + 300 + 70_000);

  const buffer = new DirectBuffer(new SharedArrayBuffer(OFFSET + length));
  new SetupFlyweight()
    .wrap(buffer, OFFSET, length)
    .putHeader(M_AND_R)
    .putMajorVersion(1)
    .putMinorVersion(0)
    .putKeepAliveIntervalMs(20_000)
    .putMaxLifetimeMs(90_000)
    .putResumeToken(token, 0, token.capacity)
    .putMetadataMimeTypeUtf8(metadataMimeType)
    .putDataMimeTypeUtf8(dataMimeType)
    .putMetadata(metadata, 0, metadata.capacity)
    .putData(data, 0, data.capacity);

  const setup = new SetupFlyweight().wrap(buffer, OFFSET, length);
  assert.is(setup.resumeTokenLength, 65_000);
  assert.equal(setup.copyOfResumeToken(), token.bytes);
  assert.is(setup.metadataMimeTypeUtf8(), metadataMimeType);
  assert.is(setup.dataMimeTypeUtf8(), dataMimeType);
  assert.is(setup.metadataLength, 300);
  assert.equal(buffer.copyOf(setup.metadataOffset, 300), metadata.bytes);
  assert.is(setup.dataLength, 70_000);
  assert.equal(buffer.copyOf(setup.dataOffset, 70_000), data.bytes);
});

test('a token of 65,535 bytes is not negative', () => {
  const length = SetupFlyweight.frameLength(65_535, 0, 0, NO_METADATA, 0);
  const buffer = new DirectBuffer(new ArrayBuffer(length));
  const setup = new SetupFlyweight().wrap(buffer, 0, length).putHeader(FrameFlag.RESUME);
  setup.putResumeToken(new DirectBuffer(new Uint8Array(65_535)), 0, 65_535);
  assert.is(setup.resumeTokenLength, 65_535);
  assert.is(setup.bodyOffset, length);
  assert.is(setup.dataLength, 0);
});

test('without R there is no token, which is not an empty one', () => {
  const length = SetupFlyweight.frameLength(SetupFlyweight.NO_RESUME_TOKEN, 0, 0, NO_METADATA, 0);
  assert.is(length, 20);
  const setup = new SetupFlyweight().wrap(new DirectBuffer(new ArrayBuffer(22)), 0, length).putHeader(0);
  assert.is(setup.resumeTokenLength, SetupFlyweight.NO_RESUME_TOKEN);
  assert.is(setup.copyOfResumeToken(), undefined);
  setup.wrap(setup.buffer, 0, SetupFlyweight.frameLength(0, 0, 0, NO_METADATA, 0)).putHeader(FrameFlag.RESUME);
  assert.is(setup.resumeTokenLength, 0);
  assert.equal(setup.copyOfResumeToken(), new Uint8Array(0));
});

test('times are 31 bits: the reserved bit is neither read nor written', () => {
  const buffer = new DirectBuffer(new Uint8Array(20).fill(0xff));
  assert.is(SetupFlyweight.keepAliveIntervalMs(buffer, 0), 0x7fffffff);
  assert.is(SetupFlyweight.maxLifetimeMs(buffer, 0), 0x7fffffff);
  SetupFlyweight.putMaxLifetimeMs(buffer, 0, 0x7fffffff);
  assert.is(buffer.getUint8(14), 0x7f);
});

test.run();
