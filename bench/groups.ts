import type { AnyGroup } from './harness/index.ts';

/** The groups whose names begin so, and what loads them. */
interface Room {
  readonly prefixes: readonly string[];
  load(): Promise<readonly AnyGroup[]>;
}

/** In the order in which they run. */
const ROOMS: readonly Room[] = [
  {
    prefixes: ['codec/'],
    load: async () => [
      (await import('./codec/encodeRequestResponse.ts')).encodeRequestResponseGroup,
      (await import('./codec/encodePayload.ts')).encodePayloadGroup,
      (await import('./codec/decodeRequestResponse.ts')).decodeRequestResponseGroup,
    ],
  },
  {
    prefixes: ['pool/'],
    load: async () => [
      (await import('./pool/acquireRelease.ts')).acquireReleaseGroup,
      (await import('./pool/compositeRead.ts')).compositeReadGroup,
    ],
  },
  {
    prefixes: ['ring/'],
    load: async () => {
      const { awakeRoundTripGroup, asleepRoundTripGroup } = await import('./ring/roundTrip.ts');
      return [
        ...(await import('./ring/oneWay.ts')).oneWayGroups,
        ...(await import('./ring/counters.ts')).countersGroups,
        awakeRoundTripGroup,
        asleepRoundTripGroup,
      ];
    },
  },
  {
    prefixes: ['request-response/'],
    load: async () => [
      ...(await import('./request-response/requestResponse.ts')).requestResponseGroups,
      (await import('./request-response/memory.ts')).memoryGroup,
    ],
  },
  { prefixes: ['by-reference/'], load: async () => (await import('./by-reference/byReference.ts')).byReferenceGroups },
  { prefixes: ['workers/'], load: async () => (await import('./workers/workers.ts')).workersGroups },
  {
    prefixes: ['tcp/', 'ws/'],
    load: async () => [
      ...(await import('./network/network.ts')).networkGroups,
      (await import('./network/serverMemory.ts')).serverMemoryGroup,
    ],
  },
  { prefixes: ['compat/'], load: async () => (await import('./compat/compat.ts')).compatGroups },
  { prefixes: ['counter/'], load: async () => (await import('./counter/counter.ts')).counterGroups },
  { prefixes: ['encodes/'], load: async () => (await import('./encodes/encodes.ts')).encodesGroups },
  { prefixes: ['limit/'], load: async () => (await import('./limit/limit.ts')).limitGroups },
  { prefixes: ['scale/'], load: async () => (await import('./scale/scale.ts')).scaleGroups },
  { prefixes: ['round-trips/'], load: async () => (await import('./round-trips/roundTrips.ts')).roundTripsGroups },
  { prefixes: ['rps-in-92mb/'], load: async () => (await import('./rps-in-92mb/rpsInMegabytes.ts')).rpsGroups },
  { prefixes: ['tail/'], load: async () => (await import('./tail/tail.ts')).tailGroups },
  { prefixes: ['acme-air'], load: async () => [(await import('./acme-air/acmeAir.ts')).acmeAirGroup] },
];

/**
 * Every group, in the order in which they run.
 * @param name of the only one that is wanted: nothing is loaded but what its name begins with
 */
export async function loadGroups(name?: string): Promise<readonly AnyGroup[]> {
  const rooms = ROOMS.filter(({ prefixes }) => name === undefined || prefixes.some((each) => name.startsWith(each)));
  return (await Promise.all(rooms.map(({ load }) => load()))).flat();
}
