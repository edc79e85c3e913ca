import { DirectBuffer, FrameBodyFlyweight, FrameFlag, NO_METADATA } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('FrameBodyFlyweight');

const FRAME_OFFSET = 3;
const BODY_OFFSET = 10;
const BODY_INDEX = FRAME_OFFSET + BODY_OFFSET;
const M = FrameFlag.METADATA;

function bufferWithBody(...bytes: number[]): DirectBuffer {
  const buffer = new DirectBuffer(new ArrayBuffer(64));
  buffer.putBytes(BODY_INDEX, Uint8Array.from(bytes));
  return buffer;
}

function lengths(buffer: DirectBuffer, flags: number, frameLength: number): [number, number] {
  return [
    FrameBodyFlyweight.metadataLength(buffer, FRAME_OFFSET, BODY_OFFSET, flags),
    FrameBodyFlyweight.dataLength(buffer, FRAME_OFFSET, BODY_OFFSET, flags, frameLength),
  ];
}

test('tells absent metadata from empty metadata', () => {
  const buffer = bufferWithBody(0, 0, 0, 0x64);
  assert.equal(lengths(buffer, 0, BODY_OFFSET + 4), [NO_METADATA, 4]);
  assert.equal(lengths(buffer, M, BODY_OFFSET + 4), [0, 1]);
  assert.equal(lengths(buffer, M, BODY_OFFSET + 3), [0, 0]);
  assert.equal(lengths(buffer, 0, BODY_OFFSET), [NO_METADATA, 0]);
});

test('finds metadata and data where they lie in the buffer', () => {
  const buffer = bufferWithBody(0, 0, 2, 0x6d, 0x64, 0x64);
  assert.equal(lengths(buffer, M, BODY_OFFSET + 6), [2, 1]);
  assert.is(FrameBodyFlyweight.metadataOffset(FRAME_OFFSET, BODY_OFFSET), BODY_INDEX + 3);
  assert.is(FrameBodyFlyweight.dataOffset(buffer, FRAME_OFFSET, BODY_OFFSET, M), BODY_INDEX + 5);
  assert.is(FrameBodyFlyweight.dataOffset(buffer, FRAME_OFFSET, BODY_OFFSET, 0), BODY_INDEX);
});

test('reads the length as 24 bits without a sign', () => {
  const buffer = bufferWithBody(0xff, 0xff, 0xff);
  assert.is(lengths(buffer, M, 2 ** 24 + BODY_OFFSET)[0], 2 ** 24 - 1);
});

test('a metadata length beyond the frame makes the data length negative', () => {
  const buffer = bufferWithBody(0, 0, 5, 1, 2, 3, 4);
  assert.equal(lengths(buffer, M, BODY_OFFSET + 7), [5, -1]);
});

test('a frame that ends within the length field makes the data length negative', () => {
  for (let present = 0; present < 3; present++) {
    assert.is(lengths(bufferWithBody(0, 0, 0), M, BODY_OFFSET + present)[1], present - 3);
  }
});

test('puts the length, or nothing where there is no metadata', () => {
  const buffer = bufferWithBody(9, 9, 9, 9);
  assert.is(FrameBodyFlyweight.putMetadataLength(buffer, FRAME_OFFSET, BODY_OFFSET, NO_METADATA), BODY_INDEX);
  assert.equal([...buffer.slice(BODY_INDEX, 4)], [9, 9, 9, 9]);
  assert.is(FrameBodyFlyweight.putMetadataLength(buffer, FRAME_OFFSET, BODY_OFFSET, 0x010203), BODY_INDEX + 3);
  assert.equal([...buffer.slice(BODY_INDEX, 4)], [1, 2, 3, 9]);
});

test('puts metadata with its length, empty metadata as a length, absent metadata not at all', () => {
  const source = new DirectBuffer(Uint8Array.of(7, 8));
  const put = (length: number): number[] => {
    const buffer = bufferWithBody(9, 9, 9, 9, 9);
    FrameBodyFlyweight.putMetadata(buffer, FRAME_OFFSET, BODY_OFFSET, source, 0, length);
    return [...buffer.slice(BODY_INDEX, 5)];
  };
  assert.equal(put(2), [0, 0, 2, 7, 8]);
  assert.equal(put(0), [0, 0, 0, 9, 9]);
  assert.equal(put(NO_METADATA), [9, 9, 9, 9, 9]);
});

test('says how long a body is', () => {
  assert.is(FrameBodyFlyweight.bodyLength(NO_METADATA, 5), 5);
  assert.is(FrameBodyFlyweight.bodyLength(0, 5), 8);
  assert.is(FrameBodyFlyweight.bodyLength(2, 0), 5);
});

test.run();
