import type { ProgramGroup } from '../harness/ProgramGroup.ts';
import { loadRival } from '../loadRival.ts';
import { callFlysocket, callHttp, type OpenCaller } from './callers.ts';
import { measureOverload, type OverloadContender, type OverloadPlan } from './measureOverload.ts';
import { RunningService } from './RunningService.ts';

const PLAIN = 'flysocket, no leases';
const FAIL_FAST = 'flysocket, leases, fail fast';
const WAIT = 'flysocket, leases, 64 may wait';
const BY_ROOM = 'flysocket, leases by room in line';
const HTTP = 'fastify and undici';
const HTTP_REFUSING = 'fastify and undici, 503';

/** How long a lease is good for, and how much of what the service can do it allows. */
const LEASE_MS = 20;
const LEASE_SHARE = 0.95;
const MAY_WAIT = 64;
const NONE = 0;
const MS_PER_SECOND = 1_000;

function contender(name: string, capacityOf: string, kind: string, call: OpenCaller): OverloadContender {
  return {
    name,
    capacityOf,
    start: (capacity) => {
      const requests = Math.max(1, Math.floor((capacity * LEASE_SHARE * LEASE_MS) / MS_PER_SECOND) || 1);
      return RunningService.start(kind, { requests, ttlMs: LEASE_MS }, call);
    },
  };
}

function overHttp(name: string, kind: string): OverloadContender {
  const missing = ['fastify', 'undici'].filter((each) => loadRival(each) === undefined);
  const skipped = missing.length === 0 ? undefined : `not installed: ${missing.join(', ')}`;
  return { ...contender(name, HTTP, kind, callHttp), skipped };
}

export function overloadContenders(): OverloadContender[] {
  return [
    contender(PLAIN, PLAIN, 'plain', callFlysocket(undefined)),
    contender(FAIL_FAST, PLAIN, 'leased', callFlysocket(NONE)),
    contender(WAIT, PLAIN, 'leased', callFlysocket(MAY_WAIT)),
    contender(BY_ROOM, PLAIN, 'leased-by-room', callFlysocket(NONE)),
    overHttp(HTTP, 'http'),
    overHttp(HTTP_REFUSING, 'http-refusing'),
  ];
}

type Pace = Pick<OverloadPlan, 'rounds' | 'loadMs' | 'capacityMs' | 'capacityTries' | 'warmUpRequests'>;

/** HTTP is the last whose code has been compiled, after 10,000 to 20,000 requests (measured). */
const FULL: Pace = { rounds: 2, loadMs: 1_500, capacityMs: 1_000, capacityTries: 8, warmUpRequests: 15_000 };
const QUICK: Pace = { rounds: 1, loadMs: 80, capacityMs: 60, capacityTries: 1, warmUpRequests: 0 };
/** What leases leave of the latency of the same service without. */
const GOAL = 0.1;

/**
 * A service of one thread, asked for half, nine tenths, one and a half, and three times what it can do: without any
 * limit, and with leases granted by what it can do.
 */
export const overloadGroup: ProgramGroup = {
  name: 'tail/overloaded service',
  timeoutMs: 300_000,
  measure: (isQuick) =>
    measureOverload({
      ...(isQuick ? QUICK : FULL),
      group: overloadGroup.name,
      contenders: overloadContenders(),
      loads: [0.5, 0.9, 1.5, 3],
      ratios: [FAIL_FAST, WAIT, BY_ROOM].flatMap((leased) => [
        // A line of 80 ms says nothing of what a line does to latencies.
        { contender: leased, against: PLAIN, ...(isQuick ? {} : { goal: GOAL }) },
        { contender: leased, against: HTTP },
      ]),
    }),
};
