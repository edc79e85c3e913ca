import { DirectBuffer, FrameHeaderFlyweight } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { bytesOf, type FrameVector, flagsOf, frameVectors, typeOf } from '../vectors/frameVectors.ts';
import { capitalized, frameFlyweights, readFields, staticsOf, writeFields } from './frameFlyweights.ts';

const test = suite('frame flyweights');

const ODD_OFFSET = 13;
const MEMORIES: Readonly<Record<string, (length: number) => ArrayBufferLike>> = {
  'an ArrayBuffer': (length) => new ArrayBuffer(length),
  'a SharedArrayBuffer': (length) => new SharedArrayBuffer(length),
};

for (const type of Object.keys(frameFlyweights) as FrameVector['type'][]) {
  const vectors = frameVectors.filter((vector) => vector.type === type);
  const writable = vectors.filter((vector) => vector.oddity === undefined);

  test(`${type}: reads the bytes of each vector`, () => {
    assert.ok(vectors.length >= 2, `${vectors.length} vectors`);
    for (const vector of vectors) {
      const bytes = bytesOf(vector);
      const frame = new frameFlyweights[type]().wrap(new DirectBuffer(bytes), 0, bytes.length);
      assert.is(frame.streamId, vector.streamId, vector.name);
      assert.is(frame.flags, flagsOf(vector), vector.name);
      assert.equal(readFields(frame, vector), vector.fields, vector.name);
    }
  });

  test(`${type}: writes the bytes of each vector`, () => {
    for (const vector of writable) {
      const expected = bytesOf(vector);
      const buffer = new DirectBuffer(new ArrayBuffer(expected.length));
      writeFields(new frameFlyweights[type]().wrap(buffer, 0, expected.length), vector);
      assert.equal(buffer.copyOf(0, expected.length), expected, vector.name);
    }
  });

  test(`${type}: reads and writes fixed fields without an instance`, () => {
    const statics = staticsOf(type);
    for (const vector of writable) {
      const bytes = bytesOf(vector);
      const source = new DirectBuffer(bytes);
      const target = new DirectBuffer(new ArrayBuffer(ODD_OFFSET + bytes.length));
      target.putBytes(ODD_OFFSET, bytes);
      for (const [name, value] of Object.entries(vector.fields)) {
        if (typeof value !== 'number') continue;
        assert.is(statics[name]?.(source, 0), value, `${vector.name}: ${name}`);
        statics[`put${capitalized(name)}`]?.(target, ODD_OFFSET, value + 1);
        assert.is.not(statics[name]?.(target, ODD_OFFSET), value, `${vector.name}: ${name} overwritten`);
        statics[`put${capitalized(name)}`]?.(target, ODD_OFFSET, value);
      }
      assert.equal(target.copyOf(ODD_OFFSET, bytes.length), bytes, vector.name);
    }
  });

  for (const [memory, allocate] of Object.entries(MEMORIES)) {
    test(`${type}: two frames lie back to back at an odd offset of ${memory}`, () => {
      for (const [index, first] of writable.entries()) {
        const second = writable[(index + 1) % writable.length] as FrameVector;
        const firstLength = bytesOf(first).length;
        const secondLength = bytesOf(second).length;
        const end = ODD_OFFSET + firstLength + secondLength;
        const buffer = new DirectBuffer(allocate(end + ODD_OFFSET));
        buffer.bytes.fill(0xa5);

        const writer = new frameFlyweights[type]();
        writeFields(writer.wrap(buffer, ODD_OFFSET, firstLength), first);
        writeFields(writer.wrap(buffer, ODD_OFFSET + firstLength, secondLength), second);

        const reader = new frameFlyweights[type]().wrap(buffer, ODD_OFFSET, firstLength);
        assert.equal(readFields(reader, first), first.fields, first.name);
        assert.is(FrameHeaderFlyweight.type(buffer, ODD_OFFSET), typeOf(first));
        reader.wrap(buffer, ODD_OFFSET + firstLength, secondLength);
        assert.equal(readFields(reader, second), second.fields, second.name);
        assert.equal(buffer.copyOf(ODD_OFFSET, firstLength), bytesOf(first), first.name);
        assert.equal(buffer.copyOf(ODD_OFFSET + firstLength, secondLength), bytesOf(second), second.name);
        const around = [...buffer.copyOf(0, ODD_OFFSET), ...buffer.copyOf(end, ODD_OFFSET)];
        assert.ok(
          around.every((byte) => byte === 0xa5),
          `${first.name}: wrote outside the frame`,
        );
      }
    });
  }
}

test.run();
