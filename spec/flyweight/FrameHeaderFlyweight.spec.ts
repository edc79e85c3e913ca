import { DirectBuffer, FrameFlag, FrameHeaderFlyweight, FrameType } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('FrameHeaderFlyweight');

test('writes stream id, type and flags in six bytes', () => {
  const buffer = new DirectBuffer(new ArrayBuffer(8));
  FrameHeaderFlyweight.encode(buffer, 1, 0x0a0b0c0d, FrameType.PAYLOAD, FrameFlag.METADATA | FrameFlag.NEXT);
  assert.equal([...buffer.bytes], [0, 0x0a, 0x0b, 0x0c, 0x0d, 0x29, 0x20, 0]);
});

test('reads the greatest value of each field', () => {
  const buffer = new DirectBuffer(Uint8Array.of(0x7f, 0xff, 0xff, 0xff, 0xff, 0xff));
  assert.is(FrameHeaderFlyweight.streamId(buffer, 0), 0x7fffffff);
  assert.is(FrameHeaderFlyweight.typeAndFlags(buffer, 0), 0xffff);
  assert.is(FrameHeaderFlyweight.type(buffer, 0), FrameType.EXT);
  assert.is(FrameHeaderFlyweight.flags(buffer, 0), 0b11_1111_1111);
  assert.is(FrameHeaderFlyweight.typeOf(0xffff), FrameType.EXT);
  assert.is(FrameHeaderFlyweight.flagsOf(0xffff), 0b11_1111_1111);
});

test('masks the reserved bit on reading and clears it on writing', () => {
  const buffer = new DirectBuffer(Uint8Array.of(0x80, 0, 0, 1, 0x24, 0));
  assert.is(FrameHeaderFlyweight.streamId(buffer, 0), 1);
  FrameHeaderFlyweight.putStreamId(buffer, 0, 0x80000002 | 0);
  assert.equal([...buffer.bytes], [0, 0, 0, 2, 0x24, 0]);
});

test('keeps flags from running into the type, and the type when flags change', () => {
  const buffer = new DirectBuffer(new ArrayBuffer(6));
  FrameHeaderFlyweight.encode(buffer, 0, 1, FrameType.CANCEL, 0xffff);
  assert.is(FrameHeaderFlyweight.type(buffer, 0), FrameType.CANCEL);
  FrameHeaderFlyweight.putFlags(buffer, 0, FrameFlag.COMPLETE);
  assert.equal([...buffer.bytes], [0, 0, 0, 1, 0x24, 0x40]);
});

test('an instance shows what it wraps, and what it writes another one reads', () => {
  const buffer = new DirectBuffer(new SharedArrayBuffer(32));
  const writer = new FrameHeaderFlyweight();
  assert.is(writer.length, 0);
  assert.is(writer.wrap(buffer, 7, 6).putHeader(3, FrameType.REQUEST_FNF, FrameFlag.FOLLOWS), writer);
  writer.wrap(buffer, 13, 6).putHeader(1, FrameType.ERROR, 0).putStreamId(5).putFlags(FrameFlag.IGNORE);

  const reader = new FrameHeaderFlyweight().wrap(buffer, 7, 6);
  assert.equal([reader.streamId, reader.type, reader.flags], [3, FrameType.REQUEST_FNF, FrameFlag.FOLLOWS]);
  assert.is(`${reader}`, 'FRAME{stream-id=3 type=0x05 flags=-- length=6}');
  reader.wrap(buffer, 13, 6);
  assert.equal([reader.streamId, reader.type, reader.flags], [5, FrameType.ERROR, FrameFlag.IGNORE]);
  assert.is(`${reader}`, 'FRAME{stream-id=5 type=0x0b flags=I- length=6}');
});

test.run();
