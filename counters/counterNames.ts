/** The names of kinds and fields, for whoever shows counters to a person. */
import { BlockKind } from './BlockKind.ts';
import { LinkCounter } from './LinkCounter.ts';
import { PoolCounter } from './PoolCounter.ts';
import { RingConsumerCounter } from './RingConsumerCounter.ts';
import { RingProducerCounter } from './RingProducerCounter.ts';
import { ThreadCounter } from './ThreadCounter.ts';

/** The name of a kind as `BlockKind` spells it, or `KIND_<number>` for one that this version doesn't know. */
export function kindName(kind: number): string {
  const known = Object.entries(BlockKind).find(([, value]) => value === kind);
  return known === undefined ? `KIND_${kind}` : known[0];
}

/** The names of a kind's fields, in the order of their numbers; empty for a kind that this version doesn't know. */
export function fieldNames(kind: number): readonly string[] {
  switch (kind) {
    case BlockKind.THREAD:
      return Object.keys(ThreadCounter);
    case BlockKind.LINK:
      return Object.keys(LinkCounter);
    case BlockKind.RING_PRODUCER:
      return Object.keys(RingProducerCounter);
    case BlockKind.RING_CONSUMER:
      return Object.keys(RingConsumerCounter);
    case BlockKind.POOL:
      return Object.keys(PoolCounter);
    default:
      return [];
  }
}
