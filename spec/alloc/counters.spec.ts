import {
  BlockKind,
  type CounterBlock,
  CountersReader,
  CountersRegion,
  LinkCounter,
  ThreadCounter,
} from 'flysocket/counters';
import * as assert from 'uvu/assert';
import { bytesPerOp } from '../support/bytesPerOp.ts';
import { suite } from '../support/suite.ts';

const test = suite('counters: bytes per operation');

test('adding, with and without a carry', () => {
  const region = CountersRegion.create();
  const block: CounterBlock = region.allocate(BlockKind.LINK, 'link');
  const bytes = bytesPerOp((operations) => {
    for (let i = 0; i < operations; i++) {
      block.increment(LinkCounter.FRAMES_SENT);
      block.add(LinkCounter.BYTES_SENT, 0x7fff_0000);
    }
  });
  assert.ok(bytes < 1, `${bytes} bytes`);
});

test('renewing a time stamp', () => {
  const block = CountersRegion.create().allocate(BlockKind.THREAD, 'thread');
  const bytes = bytesPerOp((operations) => {
    for (let i = 0; i < operations; i++) block.advanceTo(ThreadCounter.DRAIN_TIME_STAMP_MS, 1_790_000_000_000 + i);
  });
  assert.ok(bytes < 1, `${bytes} bytes`);
});

test('reading', () => {
  const region = CountersRegion.create();
  const block = region.allocate(BlockKind.LINK, 'link');
  const reader = new CountersReader(region.memory);
  const info = reader.blocks()[0]!;
  let sum = 0;
  const bytes = bytesPerOp((operations) => {
    for (let i = 0; i < operations; i++) {
      block.increment(LinkCounter.FRAMES_SENT);
      sum += reader.read(info, LinkCounter.FRAMES_SENT) & 1;
    }
  });
  assert.ok(sum > 0);
  assert.ok(bytes < 1, `${bytes} bytes`);
});

test.run();
