import type { Handler, RequestHandler, RSocketPeer, RSocketPeerOptions } from 'flysocket/core';
import { BufferPool } from 'flysocket/pool';
import * as assert from 'uvu/assert';
import type { GuardedSuite } from '../support/suite.ts';
import { until } from './until.ts';

/** Two peers that are connected. */
export interface PeerPair {
  readonly client: RSocketPeer;
  readonly server: RSocketPeer;
  /** Ends both, whatever state they are in, and whatever was made for them. */
  dispose(): Promise<void>;
}

export type MakePeers = (client: RSocketPeerOptions, server: RSocketPeerOptions) => Promise<PeerPair>;

/** How the peers of one test are made. */
export interface PeerSetup {
  /** Answers on the server's side. */
  readonly handler?: Handler;
  /** Answers on the server's side, on the low level. */
  readonly requestHandler?: RequestHandler;
  /** Answers on the client's side. */
  readonly clientHandler?: Handler;
  /** What both peers share beyond that. */
  readonly options?: Pick<RSocketPeerOptions, 'maxStreams' | 'maxPayloadLength' | 'maxOutboundBytes'>;
  readonly timeoutMs?: number;
}

export interface Scene extends PeerPair {
  /** What handlers and subscribers threw. A test takes out what it expects: at its end there must be none. */
  readonly uncaught: unknown[];
}

/** Defines one test that runs between two new peers. */
export type PeerTest = (title: string, setup: PeerSetup, body: (scene: Scene) => Promise<void>) => void;

/**
 * Tests between two new peers each, which must leave nothing behind: no open stream, no queued or half gathered byte,
 * no buffer that is not back in its pool, no error that nobody got.
 */
export function peerTests(test: GuardedSuite<Record<string, unknown>>, makePeers: MakePeers): PeerTest {
  return (title, setup, body) =>
    test(title, () => withPeers(makePeers, setup, body), { timeoutMs: setup.timeoutMs ?? 20_000 });
}

async function withPeers(
  makePeers: MakePeers,
  { handler, requestHandler, clientHandler, options }: PeerSetup,
  body: (scene: Scene) => Promise<void>,
): Promise<void> {
  const uncaught: unknown[] = [];
  const onUncaught = (error: unknown): void => {
    uncaught.push(error);
  };
  const pools = [trackingPool('client'), trackingPool('server')] as const;
  const pair = await makePeers(
    { ...options, firstStreamId: 1, pool: pools[0], handler: clientHandler, onUncaught },
    { ...options, firstStreamId: 2, pool: pools[1], handler, requestHandler, onUncaught },
  );
  try {
    await body({ client: pair.client, server: pair.server, dispose: pair.dispose, uncaught });
    await assertQuiet(pair);
    for (const pool of pools) pool.assertQuiescent();
  } finally {
    await pair.dispose();
  }
  await assertQuiet(pair);
  for (const pool of pools) pool.assertQuiescent();
  assert.equal(uncaught, []);
}

function trackingPool(label: string): BufferPool {
  return new BufferPool({ tracking: true, label, slabBytes: 65_536, maxBytes: 128 * 1024 * 1024 });
}

/** Waits until both peers are done with everything. */
export async function assertQuiet({ client, server }: Pick<PeerPair, 'client' | 'server'>): Promise<void> {
  const peers = [client.zeroCopy, server.zeroCopy];
  await until(() => peers.every((peer) => peer.openStreams === 0), 'no stream is open');
  await until(() => peers.every((peer) => peer.queuedBytes === 0), 'nothing waits to be sent');
  await until(() => peers.every((peer) => peer.reassemblingBytes === 0), 'nothing waits for its last fragment');
}
