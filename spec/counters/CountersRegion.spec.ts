import { BLOCK_GONE, BlockKind, CountersReader, CountersRegion, LinkCounter, PoolCounter } from 'flysocket/counters';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('CountersRegion');

test('lays the memory out as drawn', () => {
  const region = CountersRegion.create({ maxBlocks: 4, ownerId: 7 });
  const block = region.allocate(BlockKind.LINK, 'grüß');
  block.add(LinkCounter.BYTES_SENT, 0x01020304);
  block.advanceTo(LinkCounter.FRAMES_RECEIVED, 5 * 2 ** 32 + 6);

  assert.is(region.memory.byteLength, 128 + 4 * 64 + 4 * 256);
  const words = new Int32Array(region.memory);
  assert.equal([...words.slice(0, 5)], [0x464c5943, 1, 4, 1, 0]);
  assert.equal([...words.slice(32, 36)], [(1 << 2) | 2, (6 << 16) | BlockKind.LINK, 7, 0]);
  assert.equal([...new Uint8Array(region.memory).slice(144, 151)], [0x67, 0x72, 0xc3, 0xbc, 0xc3, 0x9f, 0]);
  assert.equal([...words.slice(96, 102)], [0, 0, 0x01020304, 0, 6, 5]);
});

test('starts every block on a pair of cache lines, for odd sizes too', () => {
  const region = CountersRegion.create({ maxBlocks: 3 });
  assert.is(region.maxBlocks, 4);
  assert.is((region.memory.byteLength - region.maxBlocks * 256) % 128, 0);
});

test('refuses memory that holds no counters', () => {
  const refused = { code: 'ERR_FLYSOCKET_COUNTERS_LAYOUT' };
  const otherVersion = CountersRegion.create({ maxBlocks: 2 }).memory;
  new Int32Array(otherVersion)[1] = 2;
  for (const memory of [new SharedArrayBuffer(0), new SharedArrayBuffer(1024), otherVersion]) {
    assert.throws(
      () => CountersRegion.attach(memory),
      (error: unknown) => hasCode(error, refused.code),
    );
    assert.throws(
      () => new CountersReader(memory),
      (error: unknown) => hasCode(error, refused.code),
    );
  }
});

test('never gives one slot to two owners', () => {
  const region = CountersRegion.create({ maxBlocks: 8 });
  const sameMemory = CountersRegion.attach(region.memory, 1);
  const blocks = [];
  for (let i = 0; i < 4; i++)
    blocks.push(region.allocate(BlockKind.POOL, 'a'), sameMemory.allocate(BlockKind.POOL, 'b'));
  assert.is(new Set(blocks.map(({ index }) => index)).size, 8);
  assert.is(region.refusals, 0);
});

test('counts on in a block of its own when all slots are taken', () => {
  const region = CountersRegion.create({ maxBlocks: 2 });
  const first = region.allocate(BlockKind.POOL, 'first');
  region.allocate(BlockKind.POOL, 'second');
  const third = region.allocate(BlockKind.POOL, 'third');

  third.add(PoolCounter.ACQUIRED, 3);
  assert.is(third.index, -1);
  assert.is(third.get(PoolCounter.ACQUIRED), 3);
  assert.is(region.refusals, 1);
  assert.is(new CountersReader(region.memory).blocks().length, 2);
  region.free(third);

  region.free(first);
  assert.is(region.allocate(BlockKind.POOL, 'fourth').index, first.index);
  assert.is(region.refusals, 1);
});

test('a freed slot keeps its numbers until it is taken again, under a new generation and from zero', () => {
  const region = CountersRegion.create({ maxBlocks: 2 });
  const reader = new CountersReader(region.memory);
  region.allocate(BlockKind.POOL, 'other');
  const old = region.allocate(BlockKind.LINK, 'old');
  old.add(LinkCounter.FRAMES_SENT, 41);
  region.free(old);

  const [, freed] = reader.blocks();
  assert.equal(freed, { index: 1, kind: BlockKind.LINK, label: 'old', generation: 1, live: false, ownerId: 0 });
  assert.is(reader.read(freed!, LinkCounter.FRAMES_SENT), 41);

  const young = region.allocate(BlockKind.LINK, 'young');
  assert.is(young.index, old.index);
  assert.is(young.generation, 2);
  assert.is(reader.read(freed!, LinkCounter.FRAMES_SENT), BLOCK_GONE);
  assert.is(reader.read(reader.blocks()[1]!, LinkCounter.FRAMES_SENT), 0);
});

test('who counts after free() disturbs nobody', () => {
  const region = CountersRegion.create({ maxBlocks: 2 });
  const old = region.allocate(BlockKind.LINK, 'old');
  old.add(LinkCounter.FRAMES_SENT, 5);
  region.free(old);
  region.allocate(BlockKind.LINK, 'between');
  const young = region.allocate(BlockKind.LINK, 'young');
  assert.is(young.index, old.index);

  old.increment(LinkCounter.FRAMES_SENT);
  region.free(old);
  assert.is(old.get(LinkCounter.FRAMES_SENT), 6);
  assert.is(young.get(LinkCounter.FRAMES_SENT), 0);
  assert.ok(new CountersReader(region.memory).blocks()[young.index]!.live);
});

test('frees what a dead thread left behind, and only that', () => {
  const region = CountersRegion.create({ maxBlocks: 4, ownerId: 1 });
  const dead = CountersRegion.attach(region.memory, 2);
  region.allocate(BlockKind.THREAD, 'mine');
  const orphan = dead.allocate(BlockKind.THREAD, 'orphan');
  dead.free(dead.allocate(BlockKind.LINK, 'freed in time'));
  assert.is(region.freeOwnedBy(2), 1);
  assert.is(region.freeOwnedBy(2), 0);
  const live = new CountersReader(region.memory).blocks().filter((block) => block.live);
  assert.equal(
    live.map(({ label }) => label),
    ['mine'],
  );
  dead.free(orphan);
});

test('cuts a label to MAX_LABEL_LENGTH, 48 bytes, without splitting a character', () => {
  const region = CountersRegion.create({ maxBlocks: 2 });
  region.allocate(BlockKind.LINK, `${'x'.repeat(47)}é`);
  region.allocate(BlockKind.LINK, '');
  const labels = new CountersReader(region.memory).blocks().map(({ label }) => label);
  assert.equal(labels, ['x'.repeat(47), '']);
});

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

test.run();
