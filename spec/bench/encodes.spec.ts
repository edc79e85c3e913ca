import * as assert from 'uvu/assert';
import { decodeRequestResponseGroup } from '../../bench/codec/decodeRequestResponse.ts';
import { encodeRequestResponseGroup } from '../../bench/codec/encodeRequestResponse.ts';
import { librariesGroup, withGoal } from '../../bench/encodes/encodes.ts';
import { checkFrame, type Frame, type FrameLibrary, frameOf } from '../../bench/encodes/FrameLibrary.ts';
import { LibraryDecode } from '../../bench/encodes/LibraryDecode.ts';
import { LibraryEncode } from '../../bench/encodes/LibraryEncode.ts';
import { jsonWithBase64 } from '../../bench/encodes/libraries/jsonWithBase64.ts';
import { loadLibraries } from '../../bench/encodes/loadLibraries.ts';
import type { Measured } from '../../bench/harness/index.ts';
import { suite } from '../support/suite.ts';

const test = suite('bench encodes');

const FRAMES = 1_000;

test('every library that is installed gives back what it was given', async () => {
  for (const library of await loadLibraries()) {
    if ('skipped' in library) continue;
    for (const contender of [new LibraryEncode(library), new LibraryDecode(library)]) {
      contender.verify();
      contender.run(FRAMES);
    }
  }
});

test('a library that is missing is skipped by its name', async () => {
  const libraries = await loadLibraries(() => false);
  const skipped = libraries.filter((library) => 'skipped' in library);
  assert.equal(
    skipped.map(({ name }) => name),
    ['msgpackr', 'cbor-x', 'protobufjs', '@bufbuild/protobuf', 'flatbuffers', 'avsc', 'bebop'],
  );
  assert.ok(skipped.every(({ skipped: why }) => why === 'not installed'));
});

test('ours and JSON are measured beside them', async () => {
  for (const [verb, codecs, json] of [
    ['encode', encodeRequestResponseGroup, 'JSON to Buffer'],
    ['decode', decodeRequestResponseGroup, 'JSON from Buffer'],
  ] as const) {
    const contenders = await librariesGroup(verb, codecs, json, (library) => new LibraryEncode(library)).contenders();
    const names = contenders.map(({ name }) => name);
    assert.equal(names.slice(0, 3), ['flysocket', json, 'JSON with base64']);
  }
});

/** JSON with one mistake. */
function spoiled(mistake: (frame: Frame) => Frame): FrameLibrary {
  return { ...jsonWithBase64, name: 'spoiled', decode: (bytes) => mistake(jsonWithBase64.decode(bytes)) };
}

const MISTAKES: readonly (readonly [string, (frame: Frame) => Frame])[] = [
  ['streamId', (frame) => ({ ...frame, streamId: frame.streamId + 2 })],
  ['flags', (frame) => ({ ...frame, flags: 0 })],
  ['metadata', (frame) => ({ ...frame, metadata: frame.data })],
  ['data', (frame) => ({ ...frame, data: Buffer.concat([frame.data.subarray(1), Buffer.of(0)]) })],
];

for (const [field, mistake] of MISTAKES) {
  test(`another ${field} than was encoded is found`, () => {
    assert.throws(() => new LibraryEncode(spoiled(mistake)).verify(), new RegExp(`spoiled: .*${field}`));
    assert.throws(() => new LibraryDecode(spoiled(mistake)).verify(), new RegExp(`spoiled: .*${field}`));
  });
}

test('a batch finds frames that are wrong in passing', () => {
  let untilMistake = Number.POSITIVE_INFINITY;
  const late: FrameLibrary = {
    name: 'late',
    encode: (frame) => jsonWithBase64.encode(untilMistake-- === 0 ? { ...frame, data: Buffer.alloc(1) } : frame),
    decode: (bytes) => ({ ...jsonWithBase64.decode(bytes), ...(untilMistake-- === 0 ? { streamId: 0 } : {}) }),
  };
  const encoding = new LibraryEncode(late);
  const decoding = new LibraryDecode(late);
  encoding.verify();
  decoding.verify();
  untilMistake = FRAMES;
  assert.throws(() => encoding.run(2 * FRAMES), /late: 2000 frames of \d+ bytes, expected/);
  untilMistake = FRAMES;
  assert.throws(() => decoding.run(2 * FRAMES), /late: sum -?\d+ of 2000 frames/);
});

test('frames that differ are told apart, and equal ones are not', () => {
  checkFrame('x', frameOf(3), frameOf(3));
  assert.throws(() => checkFrame('x', frameOf(3), frameOf(4)), /x: streamId is 7, expected 9/);
});

test('ours is held against the number that was promised', () => {
  const row = { group: 'g', contender: 'flysocket', unit: 'operations/s', median: 10e6, min: 9e6, max: 11e6 };
  const measured: Measured = { results: [{ ...row, samples: [9e6, 10e6, 11e6] }], ratios: [] };
  const [goal] = withGoal(measured).ratios;
  assert.is(goal?.value, 10);
  assert.is(goal?.goal, 20);
  assert.equal(withGoal({ results: [], ratios: [] }).ratios, []);
});

test.run();
