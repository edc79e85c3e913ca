import { Worker } from 'node:worker_threads';
import { OneToOneRingBuffer } from 'flysocket/shm-transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { meet } from './ringAttachMeeting.ts';
import { Tally } from './ringOutcomes.ts';

const ROUNDS = 2_000;
const ARRIVAL_TIMEOUT_MS = 5_000;

const OUTCOMES = {
  'message was there': { expect: 'acceptable', because: 'the worker came first and had published' },
  'message came later': { expect: 'acceptable', because: 'the main thread came first, or both at once' },
  lost: { expect: 'forbidden', because: 'the later end initialised again what the earlier one used' },
  'wrong position': { expect: 'forbidden', because: 'an end saw the ring before it was initialised' },
} as const;

const test = suite('ring attached from both ends at once');

test(
  'one end initialises, both see the same ring',
  async () => {
    const memories = Array.from({ length: ROUNDS }, () => new SharedArrayBuffer(OneToOneRingBuffer.lengthFor(64)));
    const meeting = new SharedArrayBuffer(8);
    const words = new Int32Array(meeting);
    const worker = new Worker(new URL('./ringAttach.worker.js', import.meta.url), {
      workerData: { memories, meeting },
    });
    const exit = new Promise<void>((resolve, reject) => worker.once('error', reject).once('exit', () => resolve()));
    await new Promise((resolve) => worker.once('online', resolve));
    const tally = new Tally(OUTCOMES);
    try {
      memories.forEach((memory, round) => {
        meet(words, round, 'main');
        const ring = new OneToOneRingBuffer(memory, { initialPosition: 1_024 });
        const at = (): string => `round ${round}: tail ${ring.producerPosition()}, head ${ring.consumerPosition()}`;
        if (ring.consumerPosition() !== 1_024) tally.count('wrong position', at);
        const read = (): boolean => ring.read((type) => assert.is(type, round + 1)) > 0;
        if (read()) {
          tally.count('message was there', at);
          return;
        }
        const deadline = Date.now() + ARRIVAL_TIMEOUT_MS;
        let arrived = read();
        while (!arrived && Date.now() < deadline) arrived = read();
        tally.count(arrived ? 'message came later' : 'lost', at);
      });
      await exit;
    } finally {
      await worker.terminate();
    }
    tally.assertAllowed();
    assert.is(tally.get('message was there') + tally.get('message came later'), ROUNDS);
  },
  { timeoutMs: 60_000 },
);

test.run();
