import { BlockKind, CounterBlock } from 'flysocket/counters';
import { DirectBuffer } from 'flysocket/flyweight';
import { BackoffIdleStrategy, ControlledAction, OneToOneRingBuffer } from 'flysocket/shm-transport';
import * as assert from 'uvu/assert';
import { bytesPerOp } from '../support/bytesPerOp.ts';
import { suite } from '../support/suite.ts';

const CAPACITY = 65_536;
const MESSAGE_LENGTH = 64;
const BATCH = 16;
/** What the engine itself allocates now and then, spread over the operations. */
const NOTHING = 0.5;

const test = suite('allocation of the ring');

function newRing(): OneToOneRingBuffer {
  return new OneToOneRingBuffer(new SharedArrayBuffer(OneToOneRingBuffer.lengthFor(CAPACITY)), {
    producerCounters: CounterBlock.unregistered(BlockKind.RING_PRODUCER, 'ring'),
    consumerCounters: CounterBlock.unregistered(BlockKind.RING_CONSUMER, 'ring'),
    initialPosition: 0x7fff0000,
  });
}

function allocatesNothing(name: string, run: (operations: number) => void): void {
  test(
    name,
    () => {
      const bytes = bytesPerOp(run);
      assert.ok(bytes < NOTHING, `${bytes} bytes per operation`);
    },
    { timeoutMs: 30_000 },
  );
}

let sum = 0;
const onMessage = (_type: number, buffer: DirectBuffer, index: number, length: number): void => {
  sum = (sum + buffer.getUint8(index) + length) | 0;
};
const onControlledMessage = (): ControlledAction => ControlledAction.COMMIT;

const claims = newRing();
allocatesNothing('claim, abort, commit, flush and read', (operations) => {
  for (let i = 0; i < operations; i++) {
    claims.abort(claims.tryClaim(1, MESSAGE_LENGTH));
    const index = claims.tryClaim(1, MESSAGE_LENGTH);
    claims.buffer.putInt32(index, i);
    claims.commit(index);
    if (i % BATCH === 0) {
      claims.flush();
      claims.read(onMessage);
    }
  }
});

const directWrites = newRing();
const directSource = new DirectBuffer(new Uint8Array(1_024));
allocatesNothing('write from a DirectBuffer, and read with limits', (operations) => {
  for (let i = 0; i < operations; i++) {
    directWrites.write(1, directSource, 8, MESSAGE_LENGTH);
    directWrites.flush();
    directWrites.read(onMessage, BATCH, CAPACITY);
  }
});

const byteWrites = newRing();
const byteSource = new Uint8Array(MESSAGE_LENGTH);
allocatesNothing('write of a whole Uint8Array, and a controlled read', (operations) => {
  for (let i = 0; i < operations; i++) {
    byteWrites.write(1, byteSource, 0, MESSAGE_LENGTH);
    byteWrites.flush();
    byteWrites.controlledRead(onControlledMessage);
  }
});

const full = newRing();
while (full.write(1, byteSource, 0, MESSAGE_LENGTH));
allocatesNothing('refused claims, empty reads and questions', (operations) => {
  for (let i = 0; i < operations; i++) {
    if (full.tryClaim(1, MESSAGE_LENGTH) >= 0) throw new Error('the ring is full');
    full.read(onMessage, 0);
    sum = (sum + full.size()) | 0;
  }
});

const backoff = new BackoffIdleStrategy(1 << 30);
allocatesNothing('a spinning idle strategy', (operations) => {
  for (let i = 0; i < operations; i++) backoff.idle(i & 1);
});

test.run();
