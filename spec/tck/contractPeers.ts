import {
  acceptPeer,
  connectPeer,
  type Handler,
  type RequestHandler,
  type RSocketPeer,
  type RSocketPeerOptions,
} from 'flysocket/core';
import { BufferPool } from 'flysocket/pool';
import type { DuplexConnection } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import type { GuardedSuite } from '../support/suite.ts';
import { until } from './until.ts';
import { assertQuiet } from './withPeers.ts';

/** Memory of the two sides, for their peers and for what the transport itself needs. */
export interface SidePools {
  readonly client: BufferPool;
  readonly server: BufferPool;
}

/** Two ends that are connected with each other, nobody having called `receive` on either. */
export interface ConnectedPair {
  readonly client: DuplexConnection;
  readonly server: DuplexConnection;
  /** Ends what was made beside the two, which have ended before. */
  dispose?(): Promise<void> | void;
}

export type MakeConnections = (pools: SidePools) => Promise<ConnectedPair>;

/** What both peers choose in a mode. */
export type ModeOptions = Pick<RSocketPeerOptions, 'maxFrameLength' | 'lease'>;

/** So many requests and no more within so short a time: whoever asks much has to wait for a new lease every time. */
const LEASE = { grant: { requests: 500, ttlMs: 10 }, maxPendingRequests: 65_536 };

export type ContractMode = 'plain' | 'fragmented' | 'leased';

export const CONTRACT_MODES: Readonly<Record<ContractMode, ModeOptions>> = {
  plain: {},
  /** The shortest frames that the protocol's fragments can be. */
  fragmented: { maxFrameLength: 64 },
  leased: { lease: LEASE },
};

export interface ContractSetup {
  /** Answers on both sides. */
  readonly handler?: Handler;
  /** Answers on the server's side, on the low level. */
  readonly requestHandler?: RequestHandler;
  /** False for pools that only count: tracking costs too much where frames go by the million. Default true. */
  readonly tracking?: boolean;
  readonly timeoutMs?: number;
}

export interface ContractScene {
  readonly mode: ContractMode;
  readonly client: RSocketPeer;
  readonly server: RSocketPeer;
  readonly pools: SidePools;
}

/** Defines one test that runs between two new peers, which must leave nothing behind. */
export type ContractTest = (title: string, setup: ContractSetup, body: (scene: ContractScene) => Promise<void>) => void;

export function contractTests(
  test: GuardedSuite<Record<string, unknown>>,
  make: MakeConnections,
  mode: ContractMode,
): ContractTest {
  return (title, setup, body) =>
    test(title, () => withContractPeers(make, mode, setup, body), { timeoutMs: setup.timeoutMs ?? 20_000 });
}

/** Runs `body` between two new peers; then no stream is open, no byte queued, no buffer out and no error unheard. */
export async function withContractPeers(
  make: MakeConnections,
  mode: ContractMode,
  { handler, requestHandler, tracking = true }: ContractSetup,
  body: (scene: ContractScene) => Promise<void>,
): Promise<void> {
  const uncaught: unknown[] = [];
  const pools = { client: newPool('client', tracking), server: newPool('server', tracking) };
  const pair = await make(pools);
  const shared = { ...CONTRACT_MODES[mode], handler, onUncaught: (error: unknown) => uncaught.push(error) };
  try {
    const accepting = acceptPeer(pair.server, { ...shared, requestHandler, pool: pools.server });
    const client = connectPeer(pair.client, { ...shared, pool: pools.client });
    const server = await accepting;
    await body({ mode, client, server, pools });
    await assertQuiet({ client, server });
    await assertQuiescent(pools);
  } finally {
    await endPair(pair);
  }
  await assertQuiescent(pools);
  assert.equal(uncaught, []);
}

/** Ends both connections, whatever state they are in, and whatever was made for them. */
export async function endPair(pair: ConnectedPair): Promise<void> {
  pair.client.close();
  pair.server.close();
  await Promise.all([pair.client.onClose, pair.server.onClose]);
  await pair.dispose?.();
}

export function newPool(label: string, tracking: boolean): BufferPool {
  return new BufferPool({ tracking, label, slabBytes: 65_536, maxBytes: 128 * 1024 * 1024 });
}

/** What the system is writing comes back when it is written, which may be a little later. */
export async function assertQuiescent({ client, server }: SidePools): Promise<void> {
  await until(() => client.stats.inUse + server.stats.inUse === 0, 'all memory has come back').catch(() => {});
  client.assertQuiescent();
  server.assertQuiescent();
}
