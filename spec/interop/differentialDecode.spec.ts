/**
 * Frames by our codec and by that of rsocket-js 1.0.0-alpha.3: written by both, and read by both, golden ones also
 * after they were bent. Where the two differ it is by one of the listed defects of theirs, or it is a mistake.
 */
import * as fc from 'fast-check';
import { DirectBuffer, FrameFlag, FrameHeaderFlyweight, FrameType } from 'flysocket/flyweight';
import * as core from 'rsocket-core';
import * as assert from 'uvu/assert';
import { encodeVector } from '../codec/encodeVector.ts';
import { hexOf } from '../codec/payloads.ts';
import { suite } from '../support/suite.ts';
import { bytesOf, type FrameVector, frameVectors } from '../vectors/frameVectors.ts';
import { alpha3 } from './alpha3.ts';
import { ourReading, type Reading, theirFrame, theirReading } from './frameReadings.ts';

const test = suite(`frames by our codec and by that of ${alpha3.name}`);
const RUNS = 3000;
const LIMIT_MS = 1500;

const u31 = fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.constantFrom(1, 0xffff, 0x10000, 0x7fffffff));
const text = fc.string({ unit: 'grapheme', maxLength: 60 });
const absentOrText = fc.option(text);
const mimeType = fc.stringMatching(/^[a-z/+.-]{0,60}$/);
const position = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

/** Any frame that an encoder of ours makes, as golden frames are described. */
const vector: fc.Arbitrary<FrameVector> = fc.oneof(
  body('REQUEST_RESPONSE'),
  body('REQUEST_FNF'),
  body('PAYLOAD', {}, ['NEXT', 'COMPLETE']),
  body('REQUEST_STREAM', { initialRequestN: u31 }),
  body('REQUEST_CHANNEL', { initialRequestN: u31 }, ['COMPLETE']),
  of('REQUEST_N', u31, { requestN: u31 }),
  of('CANCEL', u31, {}),
  of('ERROR', fc.nat(5), { errorCode: fc.integer({ min: 1, max: 0xfffffffe }), data: text }),
  of('KEEPALIVE', fc.constant(0), { lastReceivedPosition: position, data: text }, ['RESPOND']),
  body('LEASE', { timeToLiveMs: u31, numberOfRequests: fc.nat(0x7fffffff) }),
  body('METADATA_PUSH'),
  of('RESUME_OK', fc.constant(0), { lastReceivedClientPosition: position }),
  of('RESUME', fc.constant(0), {
    majorVersion: fc.constant(1),
    minorVersion: fc.constant(0),
    resumeToken: text,
    lastReceivedServerPosition: position,
    firstAvailableClientPosition: position,
  }),
  body(
    'SETUP',
    {
      majorVersion: fc.nat(0xffff),
      minorVersion: fc.nat(0xffff),
      keepAliveIntervalMs: u31,
      maxLifetimeMs: u31,
      resumeToken: fc.constant(null),
      metadataMimeType: mimeType,
      dataMimeType: mimeType,
    },
    ['LEASE'],
  ),
);

type Flag = FrameVector['flags'][number];
type Fields = Readonly<Record<string, fc.Arbitrary<string | number | null>>>;

function of(
  type: FrameVector['type'],
  streamId: fc.Arbitrary<number>,
  fields: Fields,
  flags: readonly Flag[] = [],
): fc.Arbitrary<FrameVector> {
  return fc
    .record({ streamId, fields: fc.record(fields), flags: fc.subarray([...flags]) })
    .map((made) => ({ name: '', hex: '', type, ...made }));
}

/** A frame with metadata, or data, or both, as far as its type has them. */
function body(type: FrameVector['type'], fields: Fields = {}, flags: readonly Flag[] = []): fc.Arbitrary<FrameVector> {
  const isOfConnection = type === 'SETUP' || type === 'LEASE' || type === 'METADATA_PUSH';
  const hasData = type !== 'LEASE' && type !== 'METADATA_PUSH';
  const metadata = type === 'METADATA_PUSH' ? text : absentOrText;
  const all = { ...fields, metadata, data: hasData ? text : fc.constant(null) };
  return of(type, isOfConnection ? fc.constant(0) : u31, all, flags).map((made) => ({
    ...made,
    flags: made.fields['metadata'] === null ? made.flags : [...made.flags, 'METADATA' as const],
  }));
}

function ourBytes(made: FrameVector): Uint8Array {
  const buffer = new DirectBuffer(new Uint8Array(4096));
  const [, length] = encodeVector(made, buffer, 0);
  return buffer.copyOf(0, length);
}

test('both write the same bytes', () => {
  fc.assert(
    fc.property(vector, (made) => {
      assert.is(hexOf(core.serializeFrame(theirFrame(made))), hexOf(ourBytes(made)));
    }),
    { numRuns: RUNS, interruptAfterTimeLimit: LIMIT_MS },
  );
});

test('both read the same in what either has written', () => {
  fc.assert(
    fc.property(vector, (made) => {
      const bytes = ourBytes(made);
      // Which their codec cannot read.
      if (made.type === 'METADATA_PUSH') return;
      assert.equal(theirReading(bytes), ourReading(bytes));
    }),
    { numRuns: RUNS, interruptAfterTimeLimit: LIMIT_MS },
  );
});

test('both read the same in golden frames, whole and bent, but for the defects that are listed', () => {
  const seen = new Map<string, number>();
  for (const golden of frameVectors) {
    for (const bytes of [bytesOf(golden), ...bent(bytesOf(golden))]) {
      const outcome = compare(bytes);
      seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
    }
  }
  for (const outcome of ['the same', 'refused by both', ...DEFECTS.map(({ name }) => name)]) {
    assert.ok((seen.get(outcome) ?? 0) > 0, `never met: ${outcome}`);
  }
});

/** A frame with each of its bits turned in turn, cut at each place, and with a byte too many. */
function* bent(bytes: Uint8Array): Generator<Uint8Array> {
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const turned = bytes.slice();
    turned[bit >> 3] = (turned[bit >> 3] as number) ^ (0x80 >> (bit & 7));
    yield turned;
  }
  for (let length = 0; length < bytes.length; length++) yield bytes.slice(0, length);
  yield Uint8Array.from([...bytes, 0x61]);
}

interface Defect {
  readonly name: string;
  /** Whether it is what made the two differ. @param ours what our codec made of the frame, as `ourReading` says */
  explains(frame: DirectBuffer, ours: Reading | string, theirs: Reading | Error | undefined): boolean;
}

const { type: typeIn, flags: flagsIn } = FrameHeaderFlyweight;
const ONLY_ON_STREAMS: readonly number[] = [FrameType.REQUEST_N, FrameType.CANCEL, FrameType.PAYLOAD];

/** What their codec does that it should not. */
const DEFECTS: readonly Defect[] = [
  {
    name: 'METADATA_PUSH throws a ReferenceError',
    explains: (frame, _, theirs) =>
      typeIn(frame, 0) === FrameType.METADATA_PUSH && theirs instanceof Error && /not defined/.test(theirs.message),
  },
  {
    name: 'EXT, and unknown types, are nothing',
    explains: (frame, ours, theirs) =>
      theirs === undefined &&
      (typeIn(frame, 0) === FrameType.EXT || ours === 'ERR_FLYSOCKET_FRAME_TYPE' || ours === 'ignored'),
  },
  {
    name: 'lengths that lead out of the frame are cut, where they do not throw',
    explains: (frame, ours, theirs) =>
      /_(METADATA_LENGTH|FRAME_TOO_SHORT)$|ignored/.test(String(ours)) && isReading(theirs) && !isWhole(frame),
  },
  {
    name: 'the top bit of a stream id is taken for its sign',
    explains: (frame, ours) => ours === 'ERR_FLYSOCKET_STREAM_ID' && frame.getInt32(0) < 0,
  },
  {
    name: 'streams that a type must not have are let pass',
    explains: (frame, ours) => {
      const isOfStream = ONLY_ON_STREAMS.includes(typeIn(frame, 0));
      return ours === 'ERR_FLYSOCKET_STREAM_ID' || (ours === 'ignored' && isOfStream && frame.getInt32(0) === 0);
    },
  },
  {
    name: 'a request n of 0 is let pass',
    explains: (frame, ours) =>
      (ours === 'ERR_FLYSOCKET_INITIAL_REQUEST_N' || ours === 'ignored') && (frame.getInt32(6) & 0x7fffffff) === 0,
  },
  {
    name: 'bytes behind a LEASE are metadata, also without the flag',
    explains: (frame, ours, theirs) =>
      typeIn(frame, 0) === FrameType.LEASE &&
      (flagsIn(frame, 0) & FrameFlag.METADATA) === 0 &&
      isReading(ours) &&
      isReading(theirs) &&
      ours['metadata'] === '' &&
      theirs['metadata'] !== '',
  },
];

function compare(bytes: Uint8Array): string {
  const ours = ourReading(bytes);
  let theirs: Reading | Error | undefined;
  try {
    theirs = theirReading(bytes);
  } catch (error) {
    theirs = error as Error;
  }
  if (isReading(ours) && isReading(theirs) && JSON.stringify(sorted(ours)) === JSON.stringify(sorted(theirs)))
    return 'the same';
  if (!isReading(ours) && theirs instanceof RangeError) return 'refused by both';
  const frame = new DirectBuffer(bytes);
  const defect = DEFECTS.find(({ explains }) => explains(frame, ours, theirs));
  const theirText = theirs instanceof Error ? theirs.message : JSON.stringify(theirs);
  assert.ok(defect, `${hexOf(bytes)}: ours ${JSON.stringify(ours)}, theirs ${theirText}`);
  return defect?.name as string;
}

function isReading(outcome: Reading | Error | string | undefined): outcome is Reading {
  return typeof outcome === 'object' && !(outcome instanceof Error);
}

/** Whether their codec makes the same frame again of what it has read. */
function isWhole(frame: DirectBuffer): boolean {
  try {
    return core.serializeFrame(core.deserializeFrame(Buffer.from(frame.bytes))).equals(frame.bytes);
  } catch {
    return false;
  }
}

function sorted(reading: Reading): [string, string | number][] {
  return Object.entries(reading).sort(([a], [b]) => (a < b ? -1 : 1));
}

test.run();
