/** The memory of a thread for frames by reference: what is taken, sent and given back. */
import { CHUNK_LENGTH, HEADROOM_LENGTH, SharedBlocks } from 'flysocket/shm-transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('SharedBlocks');
const CHUNKS = 8;

/** A link as its blocks see it. */
function carrier(): { isReaderGone: boolean; isEnded: boolean; isPeerDead: boolean } {
  return { isReaderGone: false, isEnded: false, isPeerDead: false };
}

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
  } catch (error) {
    return (error as { code?: string }).code;
  }
  return undefined;
}

const blocksOf = (chunks: number): SharedBlocks => new SharedBlocks(chunks * CHUNK_LENGTH);
/** Stores what a peer's `index`th state word would say. */
const say = (blocks: SharedBlocks, first: number, state: number): void =>
  blocks.memory.putInt32Release(128 + first * 4, state);

test('hands out memory with headroom, each piece for itself, aligned', () => {
  const blocks = blocksOf(CHUNKS);
  const pieces = [1, CHUNK_LENGTH, 3 * CHUNK_LENGTH - HEADROOM_LENGTH].map((length) => blocks.allocate(length));
  for (const [i, piece] of pieces.entries()) {
    assert.is(piece.offset % 64, 0);
    piece.buffer.bytes.fill(i + 1, piece.offset, piece.offset + piece.length);
  }
  for (const [i, piece] of pieces.entries()) {
    const bytes = piece.buffer.bytes.subarray(piece.offset, piece.offset + piece.length);
    assert.ok(bytes.every((byte) => byte === i + 1));
  }
  assert.is(blocks.stats.bytesInUse, 6 * CHUNK_LENGTH);
  for (const piece of pieces) piece.release();
  blocks.assertQuiescent();
});

test('has a bound, and room again after a release', () => {
  const blocks = blocksOf(CHUNKS);
  const all = blocks.allocate(CHUNKS * CHUNK_LENGTH - HEADROOM_LENGTH);
  assert.is(blocks.tryAllocate(1), undefined);
  assert.is(
    codeOf(() => blocks.allocate(1)),
    'ERR_FLYSOCKET_POOL_EXHAUSTED',
  );
  assert.is(blocks.stats.refused, 2);
  all.release();
  blocks.allocate(1).release();
  assert.is(blocks.tryAllocate(CHUNKS * CHUNK_LENGTH), undefined, 'more than there is');
  blocks.assertQuiescent();
});

test('uses the space between two blocks when it is large enough', () => {
  const blocks = blocksOf(CHUNKS);
  const [first, second, third] = [1, 1, 1].map(() => blocks.allocate(1));
  const offset = second?.offset as number;
  second?.release();
  const large = blocks.allocate(2 * CHUNK_LENGTH);
  assert.ok(large.offset > (third?.offset as number), 'too large for the gap');
  const small = blocks.allocate(10);
  assert.is(small.offset, offset);
  for (const piece of [first, third, large, small]) piece?.release();
  blocks.assertQuiescent();
});

test('keeps a block while a peer has it, or anybody here holds it', () => {
  const blocks = blocksOf(CHUNKS);
  const link = carrier();
  const piece = blocks.allocate(100).retain();
  const first = blocks.blockAt(piece.offset);
  blocks.send(first, link);
  assert.is(blocks.blockAt(piece.offset), -1, 'it is not here');
  piece.release();
  piece.release();
  assert.is(
    codeOf(() => blocks.assertQuiescent()),
    'ERR_FLYSOCKET_POOL_LEAK',
  );
  say(blocks, first, 2);
  blocks.sweep();
  assert.is(blocks.stats.inUse, 1);
  say(blocks, first, 0);
  blocks.assertQuiescent();

  const held = blocks.allocate(100);
  blocks.send(blocks.blockAt(held.offset), link);
  say(blocks, first, 0);
  blocks.sweep();
  assert.is(blocks.stats.inUse, 1);
  held.release();
  blocks.assertQuiescent();
  assert.is(
    codeOf(() => held.release()),
    'ERR_FLYSOCKET_DOUBLE_RELEASE',
  );
  assert.is(
    codeOf(() => held.retain()),
    'ERR_FLYSOCKET_USE_AFTER_RELEASE',
  );
});

const GONE: ReadonlyArray<[name: string, state: number, gone: keyof ReturnType<typeof carrier>, comesBack: boolean]> = [
  ['was not seen by a reader that has gone', 1, 'isReaderGone', true],
  ['is being read, though the link has ended', 2, 'isReaderGone', false],
  ['was on its way back over a link that has ended', 3, 'isEnded', true],
  ['is on its way back over a link that has not', 3, 'isReaderGone', false],
  ['was with a thread that has ended', 2, 'isPeerDead', true],
];
for (const [name, state, gone, comesBack] of GONE) {
  test(`a block that ${name} ${comesBack ? 'comes back' : 'stays out'}`, () => {
    const blocks = blocksOf(CHUNKS);
    const link = carrier();
    const first = blocks.take(10);
    blocks.send(first, link);
    say(blocks, first, state);
    blocks.sweep();
    assert.is(blocks.stats.inUse, 1);
    link[gone] = true;
    blocks.sweep();
    assert.is(blocks.stats.inUse, comesBack ? 0 : 1);
  });
}

test('takes back only what it has sent, from whom it has sent it to', () => {
  const blocks = blocksOf(CHUNKS);
  const link = carrier();
  const first = blocks.take(10);
  assert.not(blocks.receiveBack(first, link));
  blocks.send(first, link);
  assert.not(blocks.receiveBack(first, carrier()));
  for (const none of [-1, CHUNKS, first + 1]) assert.not(blocks.receiveBack(none, link));
  assert.ok(blocks.receiveBack(first, link));
  assert.not(blocks.receiveBack(first, link));
  blocks.readBack(first);
  blocks.assertQuiescent();
});

test.run();
