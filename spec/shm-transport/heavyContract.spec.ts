import { connectWorker } from 'flysocket/shm-transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { countOverChannel } from '../tck/CountingChannel.ts';
import { CONTRACT_MODES, type ContractMode, newPool } from '../tck/contractPeers.ts';
import { HEAVY_ITEMS, heavyContract } from '../tck/transportContract.ts';
import { assertQuiet } from '../tck/withPeers.ts';
import { exitOf, linkPair, withWorker } from './linkSupport.ts';
import { portPair } from './portSupport.ts';

const WORKER = new URL('./heavyContract.worker.js', import.meta.url);

heavyContract('a link with rings', async () => {
  const [client, server] = await linkPair(262_144);
  return { client, server };
});

heavyContract('a link over a port', async () => {
  const [client, server] = await portPair(65_536);
  return { client, server };
});

const test = suite('heavy contract of two threads');

for (const transport of ['ring', 'port'] as const) {
  for (const mode of Object.keys(CONTRACT_MODES) as ContractMode[]) {
    test(`${transport}, ${mode}: a channel of ${HEAVY_ITEMS} items each way`, () => countWithWorker(transport, mode), {
      timeoutMs: 60_000,
    });
  }
}

function countWithWorker(transport: 'ring' | 'port', mode: ContractMode): Promise<void> {
  return withWorker(WORKER, mode, async (worker) => {
    const exit = exitOf(worker, 60_000);
    const pool = newPool('parent', false);
    const peer = await connectWorker(worker, { ...CONTRACT_MODES[mode], transport, pool });
    await countOverChannel(peer.zeroCopy, HEAVY_ITEMS);
    await assertQuiet({ client: peer, server: peer });
    await peer.close();
    assert.is(await exit, 0);
    pool.assertQuiescent();
  });
}

test.run();
