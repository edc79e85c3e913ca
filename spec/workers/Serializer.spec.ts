/** A serializer of one's own, and one that fails or lies: one clear error, and the codec is usable afterwards. */
import { Decoder, Encoder } from 'cbor-x';
import {
  CANNOT_SERIALIZE,
  SERIALIZER_BUFFER_LENGTH,
  SERIALIZER_MAX_CALLS,
  SERIALIZER_MAX_LENGTH,
  type Serializer,
} from 'flysocket/workers';
import * as assert from 'uvu/assert';
import { throwsCode } from '../pool/throwsCode.ts';
import { suite } from '../support/suite.ts';
import { RoundTrip } from './roundTrip.ts';

const test = suite('Serializer');

/** As JSON, unless told to do something else. */
class Changeable implements Serializer {
  calls = 0;
  serializeAs: Serializer['serialize'] | undefined;
  deserializeAs: Serializer['deserialize'] | undefined;

  serialize(value: unknown, buffer: Uint8Array, offset: number): number {
    this.calls++;
    if (this.serializeAs !== undefined) return this.serializeAs(value, buffer, offset);
    const bytes = Buffer.from(JSON.stringify(value));
    if (offset + bytes.length <= buffer.length) buffer.set(bytes, offset);
    return offset + bytes.length;
  }

  deserialize(view: Uint8Array): unknown {
    if (this.deserializeAs !== undefined) return this.deserializeAs(view);
    return JSON.parse(Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString());
  }
}

function changeable(): { trip: RoundTrip; serializer: Changeable } {
  const serializer = new Changeable();
  return { trip: new RoundTrip(() => serializer), serializer };
}

test('one that says how much it needs is called twice', () => {
  const { trip, serializer } = changeable();
  assert.equal(trip.of({ a: [1, null], d: new Date(0) }), { a: [1, null], d: '1970-01-01T00:00:00.000Z' });
  assert.is(serializer.calls, 1);
  const text = 'x'.repeat(5 * SERIALIZER_BUFFER_LENGTH);
  assert.is(trip.of(text), text);
  assert.is(serializer.calls, 3);
  assert.is(trip.of(text), text);
  assert.is(serializer.calls, 4, 'the larger buffer is kept');
  trip.close();
});

test('one that throws RangeError gets twice as much, again and again', () => {
  const { trip, serializer } = changeable();
  const needed = 100 * SERIALIZER_BUFFER_LENGTH;
  const lengths: number[] = [];
  serializer.serializeAs = (_, buffer, offset) => {
    lengths.push(buffer.length);
    if (offset + needed > buffer.length) throw new RangeError('too small');
    buffer.fill(0x20, offset, offset + needed);
    buffer[offset] = 0x31;
    return offset + needed;
  };
  assert.is(trip.of('anything'), 1);
  assert.equal(
    lengths,
    [1, 2, 4, 8, 16, 32, 64, 128].map((n) => n * SERIALIZER_BUFFER_LENGTH),
  );
  trip.close();
});

test('one that can not leaves the value to structured clone', () => {
  const { trip, serializer } = changeable();
  serializer.serializeAs = () => CANNOT_SERIALIZE;
  assert.equal(trip.of(new Map([[1, new Set([2])]])), new Map([[1, new Set([2])]]));
  assert.is(trip.way, 'PORT');
  trip.close();
});

test('bytes and undefined are none of its business', () => {
  const { trip, serializer } = changeable();
  serializer.serializeAs = () => assert.unreachable() as never;
  assert.equal(trip.of(Uint8Array.of(1, 2)), Uint8Array.of(1, 2));
  assert.is(trip.of(undefined), undefined);
  trip.close();
});

const liars: Record<string, (buffer: Uint8Array) => unknown> = {
  NaN: () => Number.NaN,
  'a fraction': () => 1.5,
  'a negative number': () => -2,
  infinity: () => Number.POSITIVE_INFINITY,
  'more than is allowed': () => SERIALIZER_MAX_LENGTH + 1,
  nothing: () => undefined,
  text: () => '7',
  'a promise': () => Promise.resolve(1),
  'a bigint': () => 1n,
  'one byte more than there is, for ever': (buffer) => Math.min(buffer.length + 1, SERIALIZER_MAX_LENGTH + 1),
  'a RangeError for ever': () => {
    throw new RangeError('too small');
  },
};

for (const [name, lie] of Object.entries(liars)) {
  test(`one that returns ${name}`, () => {
    const { trip, serializer } = changeable();
    serializer.serializeAs = (_, buffer) => lie(buffer) as number;
    throwsCode(() => trip.of({ a: 1 }), 'ERR_FLYSOCKET_SERIALIZER');
    assert.ok(serializer.calls <= SERIALIZER_MAX_CALLS, `${serializer.calls} calls`);
    serializer.serializeAs = undefined;
    assert.equal(trip.of({ a: 1 }), { a: 1 });
    trip.close();
  });
}

test('one that asks for one byte more each time is stopped', () => {
  const { trip, serializer } = changeable();
  let asked = SERIALIZER_BUFFER_LENGTH;
  serializer.serializeAs = (_, buffer) => {
    asked = buffer.length + 1;
    return asked;
  };
  throwsCode(() => trip.of('a'), 'ERR_FLYSOCKET_SERIALIZER');
  assert.is(serializer.calls, Math.min(SERIALIZER_MAX_CALLS, serializer.calls));
  trip.close();
});

test('one that throws: its error is the cause', () => {
  const { trip, serializer } = changeable();
  const thrown = new TypeError('not this value');
  serializer.serializeAs = () => {
    throw thrown;
  };
  assert.is(
    causeOf(() => trip.of({ a: 1 })),
    thrown,
  );
  serializer.serializeAs = undefined;
  serializer.deserializeAs = () => {
    throw thrown;
  };
  assert.is(
    causeOf(() => trip.of({ a: 1 })),
    thrown,
  );
  serializer.deserializeAs = undefined;
  assert.equal(trip.of({ a: 1 }), { a: 1 });
  trip.close();
});

function causeOf(run: () => unknown): unknown {
  let cause: unknown;
  throwsCode(() => {
    try {
      run();
    } catch (error) {
      cause = (error as Error).cause;
      throw error;
    }
  }, 'ERR_FLYSOCKET_SERIALIZER');
  return cause;
}

test('one that returns less than it wrote: what was cut off is missed by the reader', () => {
  const { trip, serializer } = changeable();
  serializer.serializeAs = (value, buffer, offset) => {
    const bytes = Buffer.from(JSON.stringify(value));
    buffer.set(bytes, offset);
    return offset + bytes.length - 1;
  };
  assert.instance(
    causeOf(() => trip.of({ a: 1 })),
    SyntaxError,
  );
  trip.close();
});

test('the view is exactly what was written, whatever was there before', () => {
  const { trip, serializer } = changeable();
  serializer.deserializeAs = (view) => view.slice();
  trip.of('a longer one before');
  assert.equal(trip.of(7), Uint8Array.of(0x37));
  assert.equal(trip.of(''), Uint8Array.of(0x22, 0x22));
  trip.close();
});

test('cbor-x', () => {
  const encoder = new Encoder({ useRecords: false, structuredClone: true });
  const decoder = new Decoder({ useRecords: false, structuredClone: true });
  const trip = new RoundTrip(() => ({
    serialize(value, buffer, offset) {
      const bytes = encoder.encode(value);
      if (offset + bytes.length <= buffer.length) buffer.set(bytes, offset);
      return offset + bytes.length;
    },
    deserialize: (view) => decoder.decode(view.slice()),
  }));
  const value = { id: 1, tags: ['a', 'b'], when: new Date(5), nested: { big: 10n ** 15n, text: 'é'.repeat(30_000) } };
  assert.equal(trip.of(value), value);
  assert.is(trip.way, 'SERIALIZED');
  trip.close();
});

test.run();
