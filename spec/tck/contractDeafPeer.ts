import { acceptPeer, connectPeer, NO_LEASE, type RequestHandler, type RSocketPeer, SENT } from 'flysocket/core';
import { DirectBuffer, PayloadFlyweight } from 'flysocket/flyweight';
import { BACK_PRESSURED } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import type { GuardedSuite } from '../support/suite.ts';
import {
  assertQuiescent,
  CONTRACT_MODES,
  type ContractMode,
  endPair,
  type MakeConnections,
  newPool,
} from './contractPeers.ts';
import { turns, until } from './until.ts';
import { assertQuiet } from './withPeers.ts';

const ITEM_BYTES = 2_000;
/** More than any system keeps for a socket that nobody reads. */
const TOO_MANY_ITEMS = 50_000;
/** Turns in a row without room after which there will be none. */
const FULL_TURNS = 30;
const MAX_QUEUED_BYTES = 8_192;
const MAX_POOLED_BYTES = 2 * 1024 * 1024;

/** The other side does not read at all: this one is refused, keeps little, and goes on when it does read. */
export function contractDeafPeer(
  test: GuardedSuite<Record<string, unknown>>,
  make: MakeConnections,
  mode: ContractMode,
): void {
  test('a peer that does not read: requests are refused, and arrive when it does', async () => {
    const pools = { client: newPool('client', true), server: newPool('server', true) };
    const pair = await make(pools);
    try {
      const client = connectPeer(pair.client, { ...CONTRACT_MODES[mode], pool: pools.client });
      const sent = await sendUntilFull(client);
      assert.is(fireAndForget(client, sent), mode === 'leased' ? NO_LEASE : BACK_PRESSURED);
      assert.ok(client.zeroCopy.queuedBytes <= MAX_QUEUED_BYTES, `${client.zeroCopy.queuedBytes} bytes wait`);
      const { bytesInUse } = pools.client.stats;
      assert.ok(bytesInUse <= MAX_POOLED_BYTES, `${bytesInUse} bytes are out of the pool`);
      let received = 0;
      const requestHandler: RequestHandler = {
        fireAndForget: ({ dataBuffer, dataOffset, dataLength }) => {
          assert.is(dataLength, ITEM_BYTES);
          assert.is(dataBuffer.getInt32(dataOffset), received++);
        },
      };
      const server = await acceptPeer(pair.server, { ...CONTRACT_MODES[mode], requestHandler, pool: pools.server });
      await until(() => received === sent, 'all has come');
      await sendWhenWritable(client, sent);
      await until(() => received === sent + 1, 'that has come, too');
      await assertQuiet({ client, server });
    } finally {
      await endPair(pair);
    }
    await assertQuiescent(pools);
  });
}

/** @returns how many left this side */
async function sendUntilFull(client: RSocketPeer): Promise<number> {
  let sent = 0;
  for (let full = 0; full < FULL_TURNS; full++) {
    while (fireAndForget(client, sent) === SENT) {
      sent++;
      full = 0;
      assert.ok(sent < TOO_MANY_ITEMS, `${sent} requests were taken`);
    }
    await turns(1);
  }
  return sent;
}

async function sendWhenWritable(client: RSocketPeer, i: number): Promise<void> {
  while (fireAndForget(client, i) !== SENT) await new Promise<void>((resolve) => client.zeroCopy.whenWritable(resolve));
}

function fireAndForget(client: RSocketPeer, i: number): number {
  const item = new DirectBuffer(new ArrayBuffer(ITEM_BYTES));
  item.putInt32(0, i);
  return client.zeroCopy.fireAndForget(new PayloadFlyweight().wrapData(item, 0, ITEM_BYTES));
}
