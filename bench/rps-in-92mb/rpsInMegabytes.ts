import type { ProgramGroup } from '../harness/ProgramGroup.ts';
import { loadRival } from '../loadRival.ts';
import type { EchoContender } from './EchoPair.ts';
import { type EchoPlan, measureEchoes } from './measureEchoes.ts';
import { findNatsServer } from './NatsBroker.ts';
import { type PairOptions, ProcessPair } from './ProcessPair.ts';

const LOW_LEVEL = 'flysocket low level';
const PROMISES = 'flysocket Promises';
/** V8's young generation grows to 3 x 16 MB unless told otherwise, and what promises leave behind fills it. */
const SMALL_YOUNG_GENERATION = '--max-semi-space-size=2';
const PROMISES_IN_LESS: string = `${PROMISES}, node ${SMALL_YOUNG_GENERATION}`;
const ALPHA = 'rsocket 1.0.0-alpha.3';
const ZERO = 'rsocket 0.0.27';

/** What the talk has: request-responses per second, and the memory of the process. */
const GOAL_PER_SECOND = 800_000;
const GOAL_MEGABYTES = 92;

type Goals = Pick<EchoContender, 'goalPerSecond' | 'goalMegabytes'>;

const SMALL: Goals = { goalMegabytes: GOAL_MEGABYTES };
const FAST_AND_SMALL: Goals = { goalPerSecond: GOAL_PER_SECOND, goalMegabytes: GOAL_MEGABYTES };

function ours(name: string, options: PairOptions, goals: Goals = {}): EchoContender {
  return { name, ...goals, open: () => ProcessPair.open(options) };
}

/** @param packages without which it is skipped */
function rival(name: string, packages: readonly string[], options: PairOptions): EchoContender {
  const missing = packages.filter((each) => loadRival(each) === undefined);
  const skipped = missing.length === 0 ? undefined : `not installed: ${missing.join(', ')}`;
  return { name, skipped, isRival: true, open: () => ProcessPair.open(options) };
}

function nats(): EchoContender {
  const contender = rival('nats', ['nats'], { client: 'nats', server: 'nats', hasBroker: true });
  if (contender.skipped !== undefined || findNatsServer() !== undefined) return contender;
  return { ...contender, skipped: 'nats-server is not installed (Debian: apt install nats-server)' };
}

/** In one process, which is theirs alone. */
export function threadContenders(): EchoContender[] {
  const client = 'threads-promises';
  return [
    ours(LOW_LEVEL, { client: 'threads-low' }, SMALL),
    ours(PROMISES, { client }, FAST_AND_SMALL),
    ours(PROMISES_IN_LESS, { client, nodeFlags: [SMALL_YOUNG_GENERATION] }, FAST_AND_SMALL),
    { name: 'postMessage', isRival: true, open: () => ProcessPair.open({ client: 'post-message' }) },
    rival('piscina', ['piscina'], { client: 'piscina' }),
  ];
}

/** In two processes, one connection between them (HTTP: as many as its client keeps). */
export function tcpContenders(): EchoContender[] {
  const promises: PairOptions = { client: 'tcp-promises', server: 'tcp-promises' };
  return [
    ours(LOW_LEVEL, { client: 'tcp-low', server: 'tcp-low' }, FAST_AND_SMALL),
    ours(PROMISES, promises),
    ours(PROMISES_IN_LESS, { ...promises, nodeFlags: [SMALL_YOUNG_GENERATION] }, SMALL),
    rival(ZERO, ['rsocket-core-0', 'rsocket-flowable-0', 'rsocket-tcp-client-0', 'rsocket-tcp-server-0'], {
      client: 'zero-tcp',
      server: 'zero-tcp',
    }),
    rival(ALPHA, ['rsocket-core', 'rsocket-tcp-client', 'rsocket-tcp-server'], {
      client: 'alpha-tcp',
      server: 'alpha-tcp',
    }),
    rival('@grpc/grpc-js', ['@grpc/grpc-js'], { client: 'grpc', server: 'grpc' }),
    rival('fastify and undici, JSON', ['fastify', 'undici'], { client: 'http', server: 'fastify' }),
    rival('express and undici, JSON', ['express', 'undici'], { client: 'http', server: 'express' }),
    nats(),
  ];
}

/** In two processes, one WebSocket between them. */
export function webSocketContenders(): EchoContender[] {
  const promises: PairOptions = { client: 'ws-promises', server: 'ws-promises' };
  return [
    ours(LOW_LEVEL, { client: 'ws-low', server: 'ws-low' }, SMALL),
    ours(PROMISES, promises),
    ours(PROMISES_IN_LESS, { ...promises, nodeFlags: [SMALL_YOUNG_GENERATION] }, SMALL),
    rival(
      ZERO,
      ['rsocket-core-0', 'rsocket-flowable-0', 'rsocket-websocket-client-0', 'rsocket-websocket-server-0', 'ws'],
      { client: 'zero-ws', server: 'zero-ws' },
    ),
    rival('ws, bare messages with an id', ['ws'], { client: 'bare-ws', server: 'bare-ws' }),
    rival(ALPHA, ['rsocket-core', 'rsocket-websocket-client', 'rsocket-websocket-server', 'ws'], {
      client: 'alpha-ws',
      server: 'alpha-ws',
    }),
  ];
}

type Pace = Pick<EchoPlan, 'loads' | 'warmUpMs' | 'verifiedRequests'>;

const FULL: Pace = {
  loads: [
    { inFlight: 16, rounds: 3, roundMs: 400 },
    { inFlight: 256, rounds: 5, roundMs: 800 },
  ],
  warmUpMs: 500,
  verifiedRequests: 1_000,
};

const QUICK: Pace = {
  loads: [
    { inFlight: 16, rounds: 2, roundMs: 20 },
    { inFlight: 256, rounds: 2, roundMs: 40 },
  ],
  warmUpMs: 40,
  verifiedRequests: 100,
};

function group(name: string, contenders: () => EchoContender[]): ProgramGroup {
  return {
    name,
    measure: (isQuick) =>
      measureEchoes({
        ...(isQuick ? QUICK : FULL),
        group: name,
        contenders: contenders(),
        compared: [LOW_LEVEL, PROMISES],
      }),
  };
}

/** Request-responses of 32 + 128 bytes, and what the processes of both sides take up meanwhile. */
export const rpsGroups: ProgramGroup[] = [
  group('rps-in-92mb/threads', threadContenders),
  group('rps-in-92mb/tcp', tcpContenders),
  group('rps-in-92mb/ws', webSocketContenders),
];
