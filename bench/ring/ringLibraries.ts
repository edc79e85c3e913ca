/** The builds of the library that the ring benches compare: as it ships, and with its counters compiled out. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { OneToOneRingBuffer } from 'flysocket/shm-transport';

export interface RingLibrary {
  readonly counters: typeof import('flysocket/counters');
  readonly flyweight: typeof import('flysocket/flyweight');
  readonly shmTransport: typeof import('flysocket/shm-transport');
  /** Where the rooms are, for another thread to load the same; empty for the library as it ships. */
  readonly base: string;
}

const withoutCounters = new URL('../../without-counters/', import.meta.url).href;

/** @param base of `RingLibrary` */
export async function loadRingLibrary(base = ''): Promise<RingLibrary> {
  if (base === '') {
    return {
      counters: await import('flysocket/counters'),
      flyweight: await import('flysocket/flyweight'),
      shmTransport: await import('flysocket/shm-transport'),
      base,
    };
  }
  return {
    counters: await import(new URL('counters/index.js', base).href),
    flyweight: await import(new URL('flyweight/index.js', base).href),
    shmTransport: await import(new URL('shm-transport/index.js', base).href),
    base,
  };
}

/** @returns undefined if that build isn't there */
export async function loadRingLibraryWithoutCounters(): Promise<RingLibrary | undefined> {
  return existsSync(fileURLToPath(withoutCounters)) ? loadRingLibrary(withoutCounters) : undefined;
}

/** The end of a ring that produces, counting as one always does. */
export function producerEnd({ counters, shmTransport }: RingLibrary, memory: SharedArrayBuffer): OneToOneRingBuffer {
  const { BlockKind, processCounters } = counters;
  const producerCounters = processCounters().allocate(BlockKind.RING_PRODUCER, 'bench');
  return new shmTransport.OneToOneRingBuffer(memory, { producerCounters });
}

/** The end of a ring that consumes, counting as one always does. */
export function consumerEnd({ counters, shmTransport }: RingLibrary, memory: SharedArrayBuffer): OneToOneRingBuffer {
  const { BlockKind, processCounters } = counters;
  const consumerCounters = processCounters().allocate(BlockKind.RING_CONSUMER, 'bench');
  return new shmTransport.OneToOneRingBuffer(memory, { consumerCounters });
}
