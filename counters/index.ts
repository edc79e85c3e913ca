/** What the library counts, in shared memory that any thread can read while those that count are stuck. */
export { BlockKind } from './BlockKind.ts';
export { COUNTERS_ENABLED } from './COUNTERS_ENABLED.ts';
export { CounterBlock } from './CounterBlock.ts';
export { BLOCK_GONE, type CounterBlockInfo, type CounterBlockSnapshot, CountersReader } from './CountersReader.ts';
export { CountersRegion } from './CountersRegion.ts';
export { fieldNames, kindName } from './counterNames.ts';
export {
  buffersInUse,
  bytesInUse,
  bytesReserved,
  creditAvailable,
  creditOutstanding,
  ringUsed,
  streamsOpen,
} from './gauges.ts';
export { LinkCounter } from './LinkCounter.ts';
export { PoolCounter } from './PoolCounter.ts';
export { adoptProcessCounters, processCounters } from './processCounters.ts';
export { RingConsumerCounter } from './RingConsumerCounter.ts';
export { RingProducerCounter } from './RingProducerCounter.ts';
export { ThreadCounter } from './ThreadCounter.ts';
