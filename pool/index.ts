/** Who owns bytes: pools of slabs, buffers counted by reference, and composites that read as one. */
export { BufferPool, type BufferPoolOptions } from './BufferPool.ts';
export {
  COMPONENT_OVERHEAD_BYTES,
  CompositeBuffer,
  type CompositeBufferOptions,
  DEFAULT_MAX_COMPONENTS,
  DEFAULT_MAX_COMPOSITE_BYTES,
  MAX_COALESCED_BYTES,
} from './CompositeBuffer.ts';
export { type Leak, POISON } from './LeakTracker.ts';
export { PooledBuffer, type PooledBufferOwner } from './PooledBuffer.ts';
export { PoolStatistics } from './PoolStatistics.ts';
export {
  LARGEST_CLASS_BYTES,
  SIZE_CLASS_COUNT,
  SMALLEST_CLASS_BYTES,
  sizeClassOf,
  sizeOfClass,
} from './SizeClasses.ts';
export { DEFAULT_MAX_POOL_BYTES, DEFAULT_SLAB_BYTES, SlabPool, type SlabPoolOptions } from './SlabPool.ts';
export { DEFAULT_SLICE_SLAB_BYTES, SliceAllocator } from './SliceAllocator.ts';
