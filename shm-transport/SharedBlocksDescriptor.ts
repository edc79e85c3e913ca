/**
 * Memory for frames that go by reference. It belongs to one thread, which cuts blocks of whole chunks from it, writes a
 * frame into each, and hands it to a peer; the peer reads the frame there, and hands the block back. In between, who
 * has a block is said by a word of its first chunk, int32 in the machine's order and only ever touched by `Atomics`.
 *
 *  byte 0        +----------+-----------+---------------+---------------------------------------------+
 *                |  magic   |  version  |  chunk count  |                    written once, by the owner
 *       128      +----------+-----------+---------------+---------------------------------------------+
 *                |  state of each chunk: OWNED, SENT, TAKEN, RETURNED          4 bytes a chunk
 *  data offset   +------------------------------------------------------------------------------------+
 *                |  chunks of 16 KiB, from a multiple of 4096 on                                      |
 *                +------------------------------------------------------------------------------------+
 *
 *  block         | headroom, 64 | frame header, metadata, data ...                  |  unused  |
 *
 * The headroom lets a frame with another header be put around the same data: data that arrived by reference is sent
 * back from where it lies.
 *
 *   OWNED    the owner's: free, or in the hands of its program
 *   SENT     in a peer's ring; who dies or leaves now has not seen it
 *   TAKEN    the peer reads it, or keeps it; it stores OWNED when it has done
 *   RETURNED the peer has sent it back, with a frame in it, by the ring
 *
 * Over the ring goes a message of type BLOCK (a block of the sender's) or BLOCK_BACK (of the receiver's):
 *
 *       0                   4                   8                   12
 *       |  first chunk      |  chunks           |  offset of frame  |  length of frame  |
 */
const SIZE_OF_INT32 = 4;
const PAGE_LENGTH = 4_096;

export const MAGIC_OFFSET: number = 0;
export const VERSION_OFFSET: number = 4;
export const CHUNK_COUNT_OFFSET: number = 8;
const STATES_OFFSET: number = 128;

/** 'FLYB' */
export const BLOCKS_MAGIC = 0x464c5942;
export const BLOCKS_VERSION = 1;
/** In bytes. */
export const CHUNK_LENGTH: number = 16 * 1024;
/** Bytes of a block ahead of what its owner puts there. */
export const HEADROOM_LENGTH = 64;

export const OWNED = 0;
export const SENT = 1;
export const TAKEN = 2;
export const RETURNED = 3;

export const FIRST_CHUNK_FIELD_OFFSET: number = 0;
export const CHUNKS_FIELD_OFFSET: number = 4;
export const FRAME_OFFSET_FIELD_OFFSET: number = 8;
export const FRAME_LENGTH_FIELD_OFFSET: number = 12;
/** In bytes. */
export const BLOCK_MESSAGE_LENGTH = 16;

/** Index of a chunk's state word. */
export function stateIndex(chunk: number): number {
  return STATES_OFFSET + chunk * SIZE_OF_INT32;
}

/** Where the first chunk starts, in bytes. */
export function dataOffsetFor(chunkCount: number): number {
  return Math.ceil(stateIndex(chunkCount) / PAGE_LENGTH) * PAGE_LENGTH;
}

/** Index of a chunk's first byte. */
export function chunkIndex(chunk: number, chunkCount: number): number {
  return dataOffsetFor(chunkCount) + chunk * CHUNK_LENGTH;
}
