import { decodeRequestResponseGroup } from './codec/decodeRequestResponse.ts';
import { encodePayloadGroup } from './codec/encodePayload.ts';
import { encodeRequestResponseGroup } from './codec/encodeRequestResponse.ts';
import type { Group } from './harness/Contender.ts';
import type { ProgramGroup } from './harness/ProgramGroup.ts';
import { networkGroups } from './network/network.ts';
import { serverMemoryGroup } from './network/serverMemory.ts';
import { acquireReleaseGroup } from './pool/acquireRelease.ts';
import { compositeReadGroup } from './pool/compositeRead.ts';
import { memoryGroup } from './request-response/memory.ts';
import { requestResponseGroups } from './request-response/requestResponse.ts';
import { countersGroups } from './ring/counters.ts';
import { oneWayGroups } from './ring/oneWay.ts';
import { asleepRoundTripGroup, awakeRoundTripGroup } from './ring/roundTrip.ts';

/** Every group, in the order in which they run: the last one leaves its thread parking at once. */
export const groups: (Group | ProgramGroup)[] = [
  encodeRequestResponseGroup,
  encodePayloadGroup,
  decodeRequestResponseGroup,
  acquireReleaseGroup,
  compositeReadGroup,
  ...oneWayGroups,
  ...countersGroups,
  awakeRoundTripGroup,
  ...requestResponseGroups,
  ...networkGroups,
  serverMemoryGroup,
  memoryGroup,
  asleepRoundTripGroup,
];
