import { decodeRequestResponseGroup } from '../codec/decodeRequestResponse.ts';
import { encodeRequestResponseGroup } from '../codec/encodeRequestResponse.ts';
import { extendGroup } from '../extendGroup.ts';
import {
  type AnyGroup,
  type Contender,
  type Group,
  type Measured,
  medianInterval,
  type RatioRow,
  type RatioSpec,
  type SkippedContender,
} from '../harness/index.ts';
import type { FrameLibrary } from './FrameLibrary.ts';
import { LibraryDecode } from './LibraryDecode.ts';
import { LibraryEncode } from './LibraryEncode.ts';
import { loadLibraries } from './loadLibraries.ts';

const OURS = 'flysocket';
const MILLION = 1e6;
const GOAL_MILLIONS = 20;
/** There are twice as many contenders as in most groups. */
const COST = 2;
const LIBRARIES = [
  'JSON with base64',
  'msgpackr',
  'cbor-x',
  'protobufjs',
  '@bufbuild/protobuf',
  'flatbuffers',
  'avsc',
  'bebop',
];

/** The talk's claim, against everything that one would use for messages otherwise. */
export const encodesGroups: AnyGroup[] = [
  extendGroup({
    name: 'encodes/encode REQUEST_RESPONSE 32+128 B',
    group: () =>
      librariesGroup('encode', encodeRequestResponseGroup, 'JSON to Buffer', (library) => new LibraryEncode(library)),
    cost: COST,
    extend: withGoal,
  }),
  extendGroup({
    name: 'encodes/decode REQUEST_RESPONSE 32+128 B',
    cost: COST,
    group: () =>
      librariesGroup('decode', decodeRequestResponseGroup, 'JSON from Buffer', (library) => new LibraryDecode(library)),
  }),
];

/** Ours and JSON are those of the codec's own group, which has what other RSockets make of it. */
export function librariesGroup(
  verb: string,
  codecs: Group,
  json: string,
  contenderOf: (library: FrameLibrary) => Contender,
): Group {
  const contenders = async (): Promise<(Contender | SkippedContender)[]> => {
    const known = await codecs.contenders();
    const libraries = await loadLibraries();
    return [
      ...known.filter(({ name }) => name === OURS || name === json),
      ...libraries.map((library) => ('skipped' in library ? library : contenderOf(library))),
    ];
  };
  return {
    name: `encodes/${verb} REQUEST_RESPONSE 32+128 B`,
    unit: 'operations/s',
    cost: COST,
    ratios: [json, ...LIBRARIES].map(oursAgainst),
    allocationFree: [OURS],
    contenders,
  };
}

function oursAgainst(name: string): RatioSpec {
  return { name: `${OURS} / ${name}`, contender: OURS, against: name };
}

/** Adds how ours stands to the number that was promised. */
export function withGoal(measured: Measured): Measured {
  const row = measured.results.find(({ contender }) => contender === OURS);
  if (row === undefined) return measured;
  const samples = (row.samples ?? []).map((perSecond) => perSecond / MILLION);
  const interval = medianInterval(samples);
  const goal: RatioRow = {
    name: `${row.group}: ${OURS}, million a second`,
    unit: 'M/s',
    value: row.median / MILLION,
    goal: GOAL_MILLIONS,
    lowerIsBetter: false,
    ...(interval === undefined ? {} : { interval }),
  };
  return { ...measured, ratios: [goal, ...measured.ratios] };
}
