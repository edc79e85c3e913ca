/**
 * What two peers must do over any connection, whatever carries their frames. A transport runs it as
 *
 *     peerKit('name', async (clientOptions, serverOptions) => ({ client, server, dispose }));
 */
import { suite } from '../support/suite.ts';
import { peerEndings } from './peerEndings.ts';
import { peerErrors } from './peerErrors.ts';
import { peerFlow } from './peerFlow.ts';
import { peerInteractions } from './peerInteractions.ts';
import { type MakePeers, peerTests } from './withPeers.ts';

export function peerKit(name: string, makePeers: MakePeers): void {
  const parts = {
    interactions: peerInteractions,
    flow: peerFlow,
    errors: peerErrors,
    endings: peerEndings,
  };
  for (const [part, define] of Object.entries(parts)) {
    const test = suite(`peers over ${name}: ${part}`);
    define(peerTests(test, makePeers));
    test.run();
  }
}
