import type { Contender, Group } from '../harness/Contender.ts';
import { AlphaItems } from './AlphaItems.ts';
import { AlphaRequests, connectAlpha } from './AlphaRequests.ts';
import { FlySocketItems } from './FlySocketItems.ts';
import { FlySocketPromiseRequests } from './FlySocketPromiseRequests.ts';
import { FlySocketRequests } from './FlySocketRequests.ts';
import { GrpcRequests } from './GrpcRequests.ts';
import { alphaLibrary, grpcLibrary, wsLibrary, zeroLibrary } from './rivalLibraries.ts';
import { ZeroRequests } from './ZeroRequests.ts';

const MANY = 256;
const SOME = 16;
const OURS = 'flysocket low level';
const PROMISES = 'flysocket Promises';
const OURS_ON_WS = 'flysocket low level on ws';
const ALPHA = 'rsocket 1.0.0-alpha.3';
const ZERO = 'rsocket 0.0.27';
const GRPC = '@grpc/grpc-js';

function alpha(inFlight: number, batch: number): Contender[] {
  const library = alphaLibrary();
  if (library === undefined) return [];
  return [new AlphaRequests(ALPHA, inFlight, batch, 'alpha-tcp', (port) => connectAlpha(library, port))];
}

function zero(inFlight: number, batch: number, road: 'tcp' | 'ws'): Contender[] {
  const library = zeroLibrary();
  return library === undefined ? [] : [new ZeroRequests(ZERO, inFlight, batch, library, road)];
}

function grpc(inFlight: number, batch: number): Contender[] {
  const library = grpcLibrary();
  return library === undefined ? [] : [new GrpcRequests(GRPC, inFlight, batch, library)];
}

/** Two processes on one machine, by TCP and by WebSocket. */
export const networkGroups: Group[] = [
  {
    name: 'tcp/256 in flight 32+128 B',
    unit: 'operations/s',
    ratios: [
      { name: 'low level / 0.0.27', contender: OURS, against: ZERO, goal: 6 },
      { name: 'low level / alpha.3', contender: OURS, against: ALPHA, goal: 20 },
      { name: 'low level / gRPC', contender: OURS, against: GRPC, goal: 100 },
    ],
    contenders: () => [
      new FlySocketRequests(OURS, MANY, 100_000, 'tcp'),
      new FlySocketPromiseRequests(PROMISES, MANY, 50_000),
      ...zero(MANY, 10_000, 'tcp'),
      ...alpha(MANY, 5_000),
      ...grpc(MANY, 1_000),
    ],
  },
  {
    name: 'tcp/16 in flight 32+128 B',
    unit: 'operations/s',
    ratios: [{ name: 'low level / 0.0.27', contender: OURS, against: ZERO, goal: 2 }],
    contenders: () => [
      new FlySocketRequests(OURS, SOME, 20_000, 'tcp'),
      new FlySocketPromiseRequests(PROMISES, SOME, 20_000),
      ...zero(SOME, 10_000, 'tcp'),
      ...alpha(SOME, 10_000),
    ],
  },
  {
    name: 'tcp/stream items 128 B',
    unit: 'operations/s',
    ratios: [{ name: 'low level / alpha.3', contender: OURS, against: ALPHA, goal: 5 }],
    contenders: () => {
      const library = alphaLibrary();
      return [
        new FlySocketItems(OURS, 200_000, 'tcp'),
        ...(library === undefined ? [] : [new AlphaItems(ALPHA, 20_000, library)]),
      ];
    },
  },
  {
    name: 'ws/256 in flight 32+128 B',
    unit: 'operations/s',
    ratios: [
      { name: 'low level / 0.0.27', contender: OURS, against: ZERO, goal: 2 },
      { name: 'framed by us / by ws', contender: OURS, against: OURS_ON_WS, goal: 1 },
    ],
    contenders: () => [
      new FlySocketRequests(OURS, MANY, 50_000, 'ws'),
      ...(wsLibrary() === undefined ? [] : [new FlySocketRequests(OURS_ON_WS, MANY, 20_000, 'ws-package')]),
      ...zero(MANY, 10_000, 'ws'),
    ],
  },
];
