/** What a pool has done so far: plain numbers that only grow, and their differences. Read-only for all but the pool. */
export class PoolStatistics {
  /** Buffers handed out. */
  acquired = 0;
  /** Buffers that came back. */
  released = 0;
  /** Capacity of the buffers handed out, in bytes. */
  bytesAcquired = 0;
  /** Capacity of the buffers that came back, in bytes. */
  bytesReleased = 0;
  /** Requests that the bound refused. */
  refused = 0;
  slabsAllocated = 0;
  slabsFreed = 0;
  /** Memory taken from the runtime, for slabs and for buffers too large for one, in bytes. */
  bytesTaken = 0;
  /** Memory left to the garbage collector again, in bytes. */
  bytesGivenBack = 0;

  /** Buffers that are out. */
  get inUse(): number {
    return this.acquired - this.released;
  }

  /** Capacity of the buffers that are out. */
  get bytesInUse(): number {
    return this.bytesAcquired - this.bytesReleased;
  }

  /** Memory that the pool holds: what its bound is about. */
  get bytesReserved(): number {
    return this.bytesTaken - this.bytesGivenBack;
  }
}
