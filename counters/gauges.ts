/**
 * What is there now, as the difference of two counters that only grow.
 *
 * What leaves is read before what came, so that a gauge may be too high by what came between the two reads, but is
 * never negative where leaving follows coming. Each answers `BLOCK_GONE` once a block's slot has a new owner.
 */
import { BLOCK_GONE, type CounterBlockInfo, type CountersReader } from './CountersReader.ts';
import { LinkCounter } from './LinkCounter.ts';
import { PoolCounter } from './PoolCounter.ts';
import { RingConsumerCounter } from './RingConsumerCounter.ts';
import { RingProducerCounter } from './RingProducerCounter.ts';

/** Bytes published in a ring that its consumer has not given back. */
export function ringUsed(reader: CountersReader, producer: CounterBlockInfo, consumer: CounterBlockInfo): number {
  const left = reader.read(consumer, RingConsumerCounter.CONSUMER_POSITION);
  const came = reader.read(producer, RingProducerCounter.PRODUCER_POSITION);
  return difference(came, left);
}

/** Streams of a link that are open. */
export function streamsOpen(reader: CountersReader, link: CounterBlockInfo): number {
  return within(reader, link, LinkCounter.STREAMS_OPENED, LinkCounter.STREAMS_CLOSED);
}

/** Items that the peer of this end may still send, over all streams. */
export function creditOutstanding(reader: CountersReader, link: CounterBlockInfo): number {
  return within(reader, link, LinkCounter.CREDIT_GRANTED, LinkCounter.CREDIT_GRANTED_SPENT);
}

/** Items that this end may still send, over all streams. */
export function creditAvailable(reader: CountersReader, link: CounterBlockInfo): number {
  return within(reader, link, LinkCounter.CREDIT_RECEIVED, LinkCounter.CREDIT_RECEIVED_SPENT);
}

/** Buffers of a pool that are out. */
export function buffersInUse(reader: CountersReader, pool: CounterBlockInfo): number {
  return within(reader, pool, PoolCounter.ACQUIRED, PoolCounter.RELEASED);
}

/** Capacity of a pool's buffers that are out, in bytes. */
export function bytesInUse(reader: CountersReader, pool: CounterBlockInfo): number {
  return within(reader, pool, PoolCounter.BYTES_ACQUIRED, PoolCounter.BYTES_RELEASED);
}

/** Memory that a pool holds, in bytes. */
export function bytesReserved(reader: CountersReader, pool: CounterBlockInfo): number {
  return within(reader, pool, PoolCounter.BYTES_RESERVED, PoolCounter.BYTES_UNRESERVED);
}

function within(reader: CountersReader, block: CounterBlockInfo, came: number, left: number): number {
  const leftCount = reader.read(block, left);
  return difference(reader.read(block, came), leftCount);
}

function difference(came: number, left: number): number {
  return came === BLOCK_GONE || left === BLOCK_GONE ? BLOCK_GONE : came - left;
}
