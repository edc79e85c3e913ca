import { SliceAllocator } from '../pool/index.ts';

let allocator: SliceAllocator | undefined;

/** Memory for what callers of the high level keep: a thousand connections of a thread share one slab. */
export function sliceAllocatorOfThisThread(): SliceAllocator {
  allocator ??= new SliceAllocator();
  return allocator;
}
