import {
  adoptProcessCounters,
  BlockKind,
  CountersReader,
  CountersRegion,
  processCounters,
  ThreadCounter,
} from 'flysocket/counters';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('processCounters');

test('adopting moves new blocks, and leaves those that count where they are', () => {
  const own = processCounters();
  assert.is(processCounters(), own);
  const early = own.allocate(BlockKind.THREAD, 'early');

  const parent = CountersRegion.create({ maxBlocks: 4 });
  const adopted = adoptProcessCounters(parent.memory, 5);
  assert.is(adoptProcessCounters(parent.memory, 5), adopted);
  assert.is(processCounters(), adopted);
  processCounters().allocate(BlockKind.THREAD, 'late');
  early.increment(ThreadCounter.PASSES);

  const before = new CountersReader(own.memory);
  assert.is(before.read(before.blocks()[0]!, ThreadCounter.PASSES), 1);
  const [late] = new CountersReader(parent.memory).blocks();
  assert.is(late!.label, 'late');
  assert.is(late!.ownerId, 5);

  processCounters().free(early);
  assert.not.ok(before.blocks()[0]!.live);
  assert.ok(new CountersReader(parent.memory).blocks()[0]!.live);
});

test.run();
