/** The names of kinds and fields, for whoever shows counters to a person. */
import { BlockKind } from './BlockKind.ts';
import { LinkCounter } from './LinkCounter.ts';
import { PoolCounter } from './PoolCounter.ts';
import { RingConsumerCounter } from './RingConsumerCounter.ts';
import { RingProducerCounter } from './RingProducerCounter.ts';
import { ThreadCounter } from './ThreadCounter.ts';

const KIND_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(BlockKind).map(([name, kind]): [number, string] => [kind, name]),
);

const FIELD_NAMES: ReadonlyMap<number, readonly string[]> = new Map<number, readonly string[]>([
  [BlockKind.THREAD, Object.keys(ThreadCounter)],
  [BlockKind.LINK, Object.keys(LinkCounter)],
  [BlockKind.RING_PRODUCER, Object.keys(RingProducerCounter)],
  [BlockKind.RING_CONSUMER, Object.keys(RingConsumerCounter)],
  [BlockKind.POOL, Object.keys(PoolCounter)],
]);

/** The name of a kind as `BlockKind` spells it, or `KIND_<number>` for one that this version doesn't know. */
export function kindName(kind: number): string {
  return KIND_NAMES.get(kind) ?? `KIND_${kind}`;
}

/** The names of a kind's fields, in the order of their numbers; empty for a kind that this version doesn't know. */
export function fieldNames(kind: number): readonly string[] {
  return FIELD_NAMES.get(kind) ?? [];
}
