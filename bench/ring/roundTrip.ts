import type { Group, RatioSpec } from '../harness/Contender.ts';
import { LinkRoundTrip } from './LinkRoundTrip.ts';
import { PostMessageRoundTrip } from './PostMessageRoundTrip.ts';
import { RingRoundTrip } from './RingRoundTrip.ts';

const LENGTH = 64;

/** A message there and back, one at a time, while neither thread sleeps. */
export const awakeRoundTripGroup: Group = {
  name: 'ring/round trip awake 64 B',
  unit: 'us',
  ratios: [flysocketToPostMessage(0.02)],
  allocationFree: ['flysocket'],
  contenders: () => [new RingRoundTrip('flysocket', LENGTH, 20_000), new PostMessageRoundTrip(LENGTH, 1_000)],
};

/** The same, while both threads sleep between two messages. */
export const asleepRoundTripGroup: Group = {
  name: 'ring/round trip asleep 64 B',
  unit: 'us',
  ratios: [flysocketToPostMessage(1.2)],
  contenders: () => [new LinkRoundTrip('flysocket', LENGTH, 1_000), new PostMessageRoundTrip(LENGTH, 1_000)],
};

function flysocketToPostMessage(goal: number): RatioSpec {
  return { name: 'flysocket / postMessage', contender: 'flysocket', against: 'postMessage', goal, lowerIsBetter: true };
}
