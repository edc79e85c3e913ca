/** Bytes as they are, transfers, damaged data, and what is allocated. */
import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import fc from 'fast-check';
import { DirectBuffer, RSocketError } from 'flysocket/flyweight';
import { Encoding, SERIALIZER_KEPT_LENGTH, SERIALIZER_MAX_LENGTH } from 'flysocket/workers';
import * as assert from 'uvu/assert';
import { throwsCode } from '../pool/throwsCode.ts';
import { bytesPerOp } from '../support/bytesPerOp.ts';
import { suite } from '../support/suite.ts';
import { trees } from './graphArbitrary.ts';
import { RoundTrip } from './roundTrip.ts';

const test = suite('ValueCodec');

const LENGTHS = [1, 7, 8, 63, 64, 65, 128, 1023, 1024, 1025, 4095, 4096, 4097, 100_000];

function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i * 31 + 7);
}

test('bytes arrive as bytes, exactly, in memory of their own', () => {
  const trip = new RoundTrip();
  for (const length of LENGTHS) {
    const bytes = pattern(length);
    const whole = trip.of(bytes) as Uint8Array;
    assert.is(trip.way, 'BYTES');
    assert.equal([whole.byteOffset, whole.buffer.byteLength], [0, length]);
    const part = trip.of(Buffer.concat([Buffer.of(9), bytes, Buffer.of(9)]).subarray(1, -1)) as Uint8Array;
    assert.is(trip.way, 'PART');
    for (const arrived of [whole, part]) {
      assert.is(Object.getPrototypeOf(arrived), Uint8Array.prototype);
      assert.ok(Buffer.from(bytes).equals(arrived), `${length} bytes`);
      assert.instance(arrived.buffer, ArrayBuffer);
    }
    whole.fill(1);
    part.fill(2);
    assert.ok(Buffer.from(pattern(length)).equals(bytes), 'the sender keeps its own');
  }
  trip.close();
});

test('parts that were given out stay as they are', () => {
  const trip = new RoundTrip();
  const source = Buffer.from(pattern(2048));
  const kept = Array.from({ length: 500 }, (_, i) => trip.of(source.subarray(i, i + 1 + i)) as Uint8Array);
  kept.forEach((part, i) => {
    assert.ok(source.subarray(i, i + 1 + i).equals(part), `part ${i}`);
  });
  trip.close();
});

test('an empty array of bytes, and shared ones, are cloned', () => {
  const trip = new RoundTrip();
  assert.equal(trip.of(new Uint8Array(0)), new Uint8Array(0));
  const shared = new Uint8Array(new SharedArrayBuffer(8));
  const arrived = trip.of(shared) as Uint8Array;
  arrived[3] = 77;
  assert.is(shared[3], 77);
  trip.close();
});

test('a transfer list moves', () => {
  const trip = new RoundTrip();
  const bytes = pattern(100);
  const arrived = trip.of(bytes, [bytes.buffer as ArrayBuffer]) as Uint8Array;
  assert.equal([bytes.length, arrived.length], [0, 100]);
  const { port1, port2 } = new MessageChannel();
  const { port } = trip.of({ port: port2 }, [port2]) as { port: MessagePort };
  port1.postMessage('hello');
  assert.equal(receiveMessageOnPort(port), { message: 'hello' });
  port1.close();
  trip.close();
});

test('an empty transfer list changes nothing', () => {
  const trip = new RoundTrip();
  trip.of({ a: 1 }, []);
  assert.is(trip.way, 'SERIALIZED');
  trip.close();
});

test('what fails leaves the codec usable, and the order as it was', () => {
  const trip = new RoundTrip();
  for (let i = 0; i < 10; i++) {
    assert.throws(
      () => trip.of({ f: () => i }),
      (error: Error) => error.name === 'DataCloneError',
    );
    assert.throws(
      () =>
        trip.of({
          get a() {
            throw new RangeError('own');
          },
        }),
      'own',
    );
    assert.equal(trip.of({ e: new Map([[i, i]]) }), { e: new Map([[i, i]]) });
    assert.equal((trip.of(new Error(`${i}`)) as Error).message, `${i}`);
  }
  trip.close();
});

test('a getter that sends something itself does not disturb', () => {
  const trip = new RoundTrip();
  const inner: unknown[] = [];
  const value = {
    before: 'x'.repeat(100),
    get a() {
      inner.push(
        trip.of({
          inner: [
            1,
            {
              get b() {
                return trip.of('deep');
              },
            },
          ],
        }),
      );
      return 2;
    },
    after: 'y',
  };
  assert.equal(trip.of(value), { before: 'x'.repeat(100), a: 2, after: 'y' });
  assert.equal(inner, [{ inner: [1, { b: 'deep' }] }]);
  assert.equal(trip.of({ b: 1 }), { b: 1 });
  trip.close();
});

test('each getter runs once', () => {
  const trip = new RoundTrip();
  let runs = 0;
  const value = {
    filling: 'z'.repeat(200_000),
    get a() {
      return runs++;
    },
    more: ['é'.repeat(200_000)],
  };
  assert.is((trip.of(value) as typeof value).a, 0);
  assert.is(runs, 1);
  trip.close();
});

test('large values: serialized up to the maximum, then by the port', () => {
  const trip = new RoundTrip();
  for (const length of [10_000, 20_000, SERIALIZER_KEPT_LENGTH]) {
    const value = { text: 'a€'.repeat(length / 2), list: Array.from({ length }, (_, i) => i) };
    assert.equal(trip.of(value), value);
    assert.is(trip.way, 'SERIALIZED');
  }
  const huge = { bytes: new Uint8Array(SERIALIZER_MAX_LENGTH) };
  assert.is((trip.of(huge) as typeof huge).bytes.length, SERIALIZER_MAX_LENGTH);
  assert.is(trip.way, 'PORT');
  assert.equal(trip.of({ a: 1 }), { a: 1 });
  trip.close();
});

test('data that is not what its encoding says', () => {
  const { sender, receiver } = new RoundTrip();
  const buffer = new DirectBuffer(new ArrayBuffer(16));
  throwsCode(() => receiver.decode(99, buffer, 0, 4), 'ERR_FLYSOCKET_SERIALIZER');
  throwsCode(() => receiver.decode(Encoding.PORT, buffer, 0, 3), 'ERR_FLYSOCKET_SERIALIZER');
  throwsCode(() => receiver.decode(Encoding.PORT, buffer, 0, 4), 'ERR_FLYSOCKET_VALUE_LOST');
  throwsCode(() => receiver.decode(Encoding.SERIALIZED, buffer, 0, 0), 'ERR_FLYSOCKET_SERIALIZER');
  sender.encode({ a: [1, 2, 'text'] });
  throwsCode(
    () => receiver.decode(Encoding.SERIALIZED, sender.buffer, 0, sender.length - 1),
    'ERR_FLYSOCKET_SERIALIZER',
  );
});

test('damaged bytes are read as something or refused, and spoil nothing', () => {
  const { sender, receiver } = new RoundTrip();
  const before = Reflect.ownKeys(Object.prototype).length;
  let refused = 0;
  fc.assert(
    fc.property(trees, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }), (value, damages) => {
      sender.encode(value);
      if (sender.encoding !== Encoding.SERIALIZED) return;
      const bytes = sender.buffer.copyOf(0, sender.length);
      for (const [at, byte] of damages) bytes[at % bytes.length] = byte;
      try {
        receiver.decode(Encoding.SERIALIZED, new DirectBuffer(bytes), 0, bytes.length);
      } catch (error) {
        assert.instance(error, RSocketError);
        assert.is((error as RSocketError).code, 'ERR_FLYSOCKET_SERIALIZER');
        refused++;
      }
      sender.encode({ after: [1, 'é'] });
      const { encoding, buffer, offset, length } = sender;
      assert.equal(receiver.decode(encoding, buffer, offset, length), { after: [1, 'é'] });
    }),
    { numRuns: 1000 },
  );
  assert.ok(refused > 50, `only ${refused} were refused`);
  assert.is(Reflect.ownKeys(Object.prototype).length, before);
});

test('bytes made to do harm', () => {
  const { receiver } = new RoundTrip();
  const hostile: Record<string, number[]> = {
    'an array of 4 billion': [0xdd, 0xff, 0xff, 0xff, 0xff],
    'a map of 4 billion': [0xdf, 0xff, 0xff, 0xff, 0xff],
    'text of 4 GB': [0xdb, 0xff, 0xff, 0xff, 0xff],
    'bytes of 4 GB': [0xc6, 0xff, 0xff, 0xff, 0xff],
    'arrays in arrays': new Array(1_000_000).fill(0x91),
    'a reference out of nowhere': [0xd4, 0x47, 0, 0x92, 0x90, 0x93, 0, 0, 7],
    'references that are none': [0xd4, 0x47, 0, 0xc0],
    'an extension that nobody knows': [0xd4, 0x11, 0],
  };
  for (const [name, bytes] of Object.entries(hostile)) {
    const buffer = new DirectBuffer(Uint8Array.from(bytes));
    assert.match(
      throwsCode(() => receiver.decode(Encoding.SERIALIZED, buffer, 0, bytes.length), 'ERR_FLYSOCKET_SERIALIZER'),
      String(bytes.length),
      name,
    );
  }
  const proto = [0x81, 0xa9, ...Buffer.from('__proto__'), 0x81, 0xa1, 0x78, 1];
  const made = receiver.decode(Encoding.SERIALIZED, new DirectBuffer(Uint8Array.from(proto)), 0, proto.length);
  assert.is(Object.getPrototypeOf(made), Object.prototype);
  assert.is((made as { x?: unknown }).x, undefined);
  const relinked = [0xd4, 0x47, 0, 0x92, 0x91, 0x80, 0x93, 1, 0xa9, ...Buffer.from('__proto__'), 0];
  const buffer = new DirectBuffer(Uint8Array.from(relinked));
  throwsCode(() => receiver.decode(Encoding.SERIALIZED, buffer, 0, relinked.length), 'ERR_FLYSOCKET_SERIALIZER');
});

test('sending bytes allocates nothing', () => {
  const { sender } = new RoundTrip();
  const bytes = pattern(128);
  const part = Buffer.from(pattern(1000)).subarray(3, 900);
  const run = (operations: number): void => {
    for (let i = 0; i < operations; i++) sender.encode((i & 1) === 0 ? bytes : part);
  };
  assert.ok(bytesPerOp(run, { operations: 10_000, rounds: 5 }) < 0.5);
});

test.run();
