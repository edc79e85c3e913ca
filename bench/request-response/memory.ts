import type { MemoryGroup } from '../harness/MemoryGroup.ts';
import { LowLevelRequests } from './LowLevelRequests.ts';
import { PromiseRequests } from './PromiseRequests.ts';

const IN_FLIGHT = 256;
const BATCH = 50_000;
const LOW_LEVEL = 'flysocket low level';
const PROMISES = 'flysocket Promises';

/** V8's young generation grows to 3 x 16 MB unless told otherwise, and what promises leave behind fills it. */
const SMALL_YOUNG_GENERATION = '--max-semi-space-size=2';
const PROMISES_IN_LESS: string = `${PROMISES}, node ${SMALL_YOUNG_GENERATION}`;

class PromiseRequestsInLess extends PromiseRequests {
  readonly nodeFlags: readonly string[] = [SMALL_YOUNG_GENERATION];
}

/** What the process takes up, both threads, after so many requests; and whether that grows. */
export const memoryGroup: MemoryGroup = {
  name: 'request-response/memory',
  memoryAfter: 10_000_000,
  memoryAfterQuick: 300_000,
  mostMegabytes: { [LOW_LEVEL]: 80, [PROMISES]: 92, [PROMISES_IN_LESS]: 92 },
  mostGrowth: 1.1,
  hostProgram: new URL('./memoryHost.js', import.meta.url),
  contenders: () => [
    new LowLevelRequests(LOW_LEVEL, IN_FLIGHT, BATCH),
    new PromiseRequests(PROMISES, IN_FLIGHT, BATCH),
    new PromiseRequestsInLess(PROMISES_IN_LESS, IN_FLIGHT, BATCH),
  ],
};
