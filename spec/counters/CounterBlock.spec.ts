import { BlockKind, CounterBlock, CountersReader, CountersRegion, LinkCounter } from 'flysocket/counters';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const FIELD = LinkCounter.BYTES_SENT;
/** Where the lower word of FIELD lies in a region of two blocks: header, directory, then the first block. */
const LOWER_WORD = (128 + 2 * 64 + FIELD * 8) / 4;

const test = suite('CounterBlock');

test('counts up to 2^53 - 1 exactly', () => {
  const { block, read } = counted();
  block.advanceTo(FIELD, Number.MAX_SAFE_INTEGER - 3);
  block.increment(FIELD);
  block.add(FIELD, 2);
  assert.is(read(), Number.MAX_SAFE_INTEGER);
  assert.is(block.get(FIELD), Number.MAX_SAFE_INTEGER);
});

for (const [before, n] of [
  [0x7fff_ffff, 1],
  [0xffff_fffe, 1],
  [0xffff_ffff, 0],
  [0xffff_ffff, 1],
  [0x8000_0001, 0x7fff_ffff],
  [0x8000_0000, 0x7fff_ffff],
  [0xffff_ffff, 0x7fff_ffff],
  [0, 0x7fff_ffff],
] as const) {
  test(`${before} + ${n}`, () => {
    const { block, words, read } = counted();
    words[LOWER_WORD] = before;
    words[LOWER_WORD + 1] = 3;
    block.add(FIELD, n);
    assert.is(read(), 3 * 2 ** 32 + before + n);
    assert.is(block.get(FIELD), 3 * 2 ** 32 + before + n);
    assert.is(words[LOWER_WORD + 1], before + n >= 2 ** 32 ? 4 : 3);
  });
}

test('touches no other counter', () => {
  const { block, words } = counted();
  words[LOWER_WORD] = -1;
  block.increment(FIELD);
  for (let word = (128 + 2 * 64) / 4; word < words.length; word++) {
    assert.is(words[word], word === LOWER_WORD + 1 ? 1 : 0, `word ${word}`);
  }
});

test('advances to a value of any size, as often as asked', () => {
  const { block, read } = counted();
  for (const value of [0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 2 ** 32, 1_790_000_000_000, 2 ** 53 - 1]) {
    block.advanceTo(FIELD, value);
    assert.is(read(), value);
    block.advanceTo(FIELD, value);
    assert.is(read(), value);
  }
});

test('advances by an amount of any size, and stays at 2^53 - 1', () => {
  const { block, read } = counted();
  block.advanceBy(FIELD, 5);
  block.advanceBy(FIELD, 2 ** 40);
  assert.is(read(), 2 ** 40 + 5);
  block.advanceBy(FIELD, Number.MAX_SAFE_INTEGER);
  assert.is(read(), Number.MAX_SAFE_INTEGER);
});

test('a carry reads right at each step, even if the writer died there', () => {
  const { words, read } = counted();
  const steps = [
    [0xffff_fff0, 4, 4 * 2 ** 32 + 0xffff_fff0],
    [0xffff_fff0, ~4, 4 * 2 ** 32 + 0xffff_fff0],
    [0x0000_0010, ~4, 5 * 2 ** 32 + 0x10],
    [0x0000_0010, 5, 5 * 2 ** 32 + 0x10],
  ] as const;
  for (const [lower, upper, value] of steps) {
    words[LOWER_WORD] = lower;
    words[LOWER_WORD + 1] = upper;
    assert.is(read(), value);
  }
});

test('no store on the way of a carry shows too little or too much', () => {
  const { block, read } = counted();
  const store = Atomics.store;
  const seen: number[] = [];
  Atomics.store = ((words: Int32Array, index: number, value: number) => {
    store(words, index, value);
    seen.push(read());
    return value;
  }) as typeof store;
  try {
    block.advanceTo(FIELD, 0xffff_ffff);
    block.add(FIELD, 0x7fff_ffff);
    block.advanceTo(FIELD, 9 * 2 ** 32 + 7);
  } finally {
    Atomics.store = store;
  }
  const sum = 0xffff_ffff + 0x7fff_ffff;
  const [last, top] = [2 * 2 ** 32 - 1, 9 * 2 ** 32];
  assert.equal(seen, [0xffff_ffff, sum, sum, last, top - 1, top, top, top + 7]);
});

test('counts without a region', () => {
  const block = CounterBlock.unregistered(BlockKind.LINK, 'alone');
  block.add(FIELD, 0x7fff_ffff);
  block.add(FIELD, 0x7fff_ffff);
  block.add(FIELD, 3);
  assert.is(block.get(FIELD), 2 ** 32 + 1);
});

function counted() {
  const region = CountersRegion.create({ maxBlocks: 2 });
  const block = region.allocate(BlockKind.LINK, 'link');
  const reader = new CountersReader(region.memory);
  const info = reader.blocks()[0]!;
  return { block, words: new Int32Array(region.memory), read: () => reader.read(info, FIELD) };
}

test.run();
