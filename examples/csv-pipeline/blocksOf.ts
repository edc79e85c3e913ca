import { open } from 'node:fs/promises';
import type { PooledBuffer } from 'flysocket/pool';
import type { WorkerPool } from 'flysocket/workers';

const LINE_END = 0x0a;

/**
 * A file in blocks of `length` bytes, each of whole lines. They are read straight into memory that the threads of
 * `pool` see, so nothing is copied to them. What is left of a block behind its last line is filled with line ends.
 * A block belongs to who takes it.
 *
 * @throws Error if a line, with its end, is longer than a block
 */
export async function* blocksOf(
  path: string,
  length: number,
  pool: Pick<WorkerPool, 'allocate'>,
): AsyncGenerator<PooledBuffer> {
  const file = await open(path);
  try {
    let rest = new Uint8Array(0);
    for (let isLast = false; !isLast; ) {
      const block = pool.allocate(length);
      try {
        const bytes = block.buffer.bytes.subarray(block.offset, block.offset + length);
        bytes.set(rest);
        let filled = rest.length;
        while (filled < length && !isLast) {
          const { bytesRead } = await file.read(bytes, filled, length - filled);
          isLast = bytesRead === 0;
          filled += bytesRead;
        }
        const end = isLast ? filled : bytes.lastIndexOf(LINE_END, filled - 1) + 1;
        if (end === 0 && !isLast) throw new Error(`a line is longer than a block of ${length} bytes`);
        rest = bytes.slice(end, filled);
        bytes.fill(LINE_END, end);
      } catch (error) {
        block.release();
        throw error;
      }
      yield block;
    }
  } finally {
    await file.close();
  }
}
