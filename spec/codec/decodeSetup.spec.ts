import { decodeSetup, encodeSetup, lengthOfSetup, type SetupOptions, validateFrame } from 'flysocket/codec';
import { DirectBuffer, PayloadFlyweight, SetupFlyweight } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { throwsCode } from '../pool/throwsCode.ts';
import { suite } from '../support/suite.ts';
import { contentsOf, pattern, payloadOf } from './payloads.ts';

const OFFSET = 5;
const test = suite('decodeSetup');

const least: SetupOptions = { keepAliveIntervalMs: 1, maxLifetimeMs: 2, metadataMimeType: '', dataMimeType: '' };
const most: SetupOptions = {
  keepAliveIntervalMs: 0x7fffffff,
  maxLifetimeMs: 0x7ffffffe,
  metadataMimeType: 'message/x.rsocket.composite-metadata.v0',
  dataMimeType: 'application/json',
  lease: true,
  resumeToken: Uint8Array.of(1, 2, 3),
  majorVersion: 2,
  minorVersion: 3,
};

const BODIES: readonly (readonly [Uint8Array | undefined, Uint8Array])[] = [
  [undefined, pattern(0)],
  [undefined, pattern(9)],
  [pattern(0), pattern(0)],
  [pattern(7), pattern(0)],
  [pattern(300), pattern(9)],
];

for (const [name, options] of Object.entries({ least, most, token: { ...least, resumeToken: new Uint8Array(0) } })) {
  for (const [metadata, data] of BODIES) {
    test(`reads what was written: ${name}, metadata ${metadata?.length}, data ${data.length}`, () => {
      const payload = payloadOf(metadata, data);
      const { buffer, length } = encoded(options, payload);
      assert.ok(validateFrame(buffer, OFFSET, length));
      const shown = new PayloadFlyweight();
      assert.equal(decodeSetup(buffer, OFFSET, length, shown), {
        majorVersion: 1,
        minorVersion: 0,
        lease: false,
        resumeToken: undefined,
        ...options,
      });
      assert.equal(contentsOf(shown), contentsOf(payload));
    });
  }
}

test('agrees with the flyweight', () => {
  const { buffer, length } = encoded(most, payloadOf('metadata', 'data'));
  const flyweight = new SetupFlyweight().wrap(buffer, OFFSET, length);
  const shown = new PayloadFlyweight();
  const setup = decodeSetup(buffer, OFFSET, length, shown);
  assert.is(setup.metadataMimeType, flyweight.metadataMimeTypeUtf8());
  assert.is(setup.dataMimeType, flyweight.dataMimeTypeUtf8());
  assert.equal(setup.resumeToken, flyweight.copyOfResumeToken());
  assert.is(shown.metadataOffset, flyweight.metadataOffset);
  assert.is(shown.dataOffset, flyweight.dataOffset);
  assert.is(shown.dataLength, flyweight.dataLength);
});

test('refuses a frame that became unsound, and leaves the payload alone', () => {
  const { buffer, length } = encoded(most, payloadOf('metadata', 'data'));
  const shown = new PayloadFlyweight();
  const before = contentsOf(shown);
  throwsCode(() => decodeSetup(buffer, OFFSET, length - 6, shown), 'ERR_FLYSOCKET_FRAME_TOO_SHORT');
  assert.equal(contentsOf(shown), before);
});

function encoded(options: SetupOptions, payload: PayloadFlyweight): { buffer: DirectBuffer; length: number } {
  const length = lengthOfSetup(options, payload);
  const buffer = new DirectBuffer(new ArrayBuffer(OFFSET + length));
  assert.is(encodeSetup(buffer, OFFSET, options, payload), length);
  return { buffer, length };
}

test.run();
