/** The counters of one pool of buffers. Written by the thread that owns the pool. */
export const PoolCounter = {
  /** Buffers handed out. */
  ACQUIRED: 0,
  /** Buffers that came back. */
  RELEASED: 1,
  /** Capacity of the buffers handed out, in bytes. */
  BYTES_ACQUIRED: 2,
  /** Capacity of the buffers that came back, in bytes. */
  BYTES_RELEASED: 3,
  /** Requests that the pool's bound refused. */
  REFUSED: 4,
  SLABS_ALLOCATED: 5,
  SLABS_FREED: 6,
  /** Bytes of memory taken from the runtime, for slabs and for buffers too large for one. */
  BYTES_RESERVED: 7,
  /** Bytes of memory left to the garbage collector again. */
  BYTES_UNRESERVED: 8,
} as const;

export type PoolCounter = (typeof PoolCounter)[keyof typeof PoolCounter];
