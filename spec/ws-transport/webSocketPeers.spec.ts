import { RSocketPeer } from 'flysocket/core';
import { BufferPool } from 'flysocket/pool';
import { suite } from '../support/suite.ts';
import { peerEndings } from '../tck/peerEndings.ts';
import { peerErrors } from '../tck/peerErrors.ts';
import { peerFlow } from '../tck/peerFlow.ts';
import { type MakePeers, peerTests } from '../tck/withPeers.ts';
import { webSocketPair } from './webSocketPairs.ts';

const overWebSockets: MakePeers = async (clientOptions, serverOptions) => {
  const pair = await webSocketPair(new BufferPool({ tracking: true, label: 'sockets' }));
  const client = new RSocketPeer(pair.left, clientOptions);
  const server = new RSocketPeer(pair.right, serverOptions);
  return { client, server, dispose: async () => pair.close() };
};

// What is asked and answered is the same over any transport; how it flows and how it ends is not.
for (const [part, define] of Object.entries({ flow: peerFlow, errors: peerErrors, endings: peerEndings })) {
  const test = suite(`peers over WebSockets: ${part}`);
  define(peerTests(test, overWebSockets));
  test.run();
}
