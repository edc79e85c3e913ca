import { acmeAirGroup } from './acme-air/acmeAir.ts';
import { byReferenceGroups } from './by-reference/byReference.ts';
import { decodeRequestResponseGroup } from './codec/decodeRequestResponse.ts';
import { encodePayloadGroup } from './codec/encodePayload.ts';
import { encodeRequestResponseGroup } from './codec/encodeRequestResponse.ts';
import { compatGroups } from './compat/compat.ts';
import { counterGroups } from './counter/counter.ts';
import { encodesGroups } from './encodes/encodes.ts';
import type { AnyGroup } from './harness/index.ts';
import { limitGroups } from './limit/limit.ts';
import { networkGroups } from './network/network.ts';
import { serverMemoryGroup } from './network/serverMemory.ts';
import { acquireReleaseGroup } from './pool/acquireRelease.ts';
import { compositeReadGroup } from './pool/compositeRead.ts';
import { memoryGroup } from './request-response/memory.ts';
import { requestResponseGroups } from './request-response/requestResponse.ts';
import { countersGroups } from './ring/counters.ts';
import { oneWayGroups } from './ring/oneWay.ts';
import { asleepRoundTripGroup, awakeRoundTripGroup } from './ring/roundTrip.ts';
import { roundTripsGroups } from './round-trips/roundTrips.ts';
import { rpsGroups } from './rps-in-92mb/rpsInMegabytes.ts';
import { scaleGroups } from './scale/scale.ts';
import { tailGroups } from './tail/tail.ts';
import { workersGroups } from './workers/workers.ts';

/** Every group, in the order in which they run. */
export const groups: readonly AnyGroup[] = [
  encodeRequestResponseGroup,
  encodePayloadGroup,
  decodeRequestResponseGroup,
  acquireReleaseGroup,
  compositeReadGroup,
  ...oneWayGroups,
  ...countersGroups,
  awakeRoundTripGroup,
  ...requestResponseGroups,
  ...byReferenceGroups,
  ...workersGroups,
  ...networkGroups,
  ...compatGroups,
  serverMemoryGroup,
  memoryGroup,
  asleepRoundTripGroup,
  ...counterGroups,
  ...encodesGroups,
  ...limitGroups,
  ...scaleGroups,
  ...roundTripsGroups,
  ...rpsGroups,
  ...tailGroups,
  acmeAirGroup,
];
