/**
 * What every transport must carry, whatever the peers on it have agreed on: the whole of the protocol with whole
 * frames, with fragments of the least length, and with leases that run out. A transport runs it as
 *
 *     transportContract('name', async (pools) => ({ client, server, dispose }));
 *     heavyContract('name', async (pools) => ({ client, server, dispose }));
 */
import { suite } from '../support/suite.ts';
import { COUNTING_HANDLER, countOverChannel } from './CountingChannel.ts';
import { contractChannels } from './contractChannels.ts';
import { contractCrossings } from './contractCrossings.ts';
import { contractDeafPeer } from './contractDeafPeer.ts';
import { contractFlow } from './contractFlow.ts';
import { contractInteractions } from './contractInteractions.ts';
import { CONTRACT_MODES, type ContractMode, contractTests, type MakeConnections } from './contractPeers.ts';
import { contractVolumes } from './contractVolumes.ts';

const ALL_MODES = Object.keys(CONTRACT_MODES) as ContractMode[];
/** Items that a channel carries each way. */
export const HEAVY_ITEMS: number = Number(process.env['FLYSOCKET_SPEC_HEAVY_ITEMS'] ?? 2_000_000);

export function transportContract(
  name: string,
  make: MakeConnections,
  modes: readonly ContractMode[] = ALL_MODES,
): void {
  for (const mode of modes) {
    const test = suite(`contract of ${name}, ${mode}`);
    const contractTest = contractTests(test, make, mode);
    contractInteractions(contractTest);
    contractVolumes(contractTest);
    contractChannels(contractTest);
    contractFlow(contractTest);
    contractDeafPeer(test, make, mode);
    contractCrossings(test, make, mode);
    test.run();
  }
}

/** As `transportContract`, a channel of millions: by itself, since it takes seconds. */
export function heavyContract(name: string, make: MakeConnections, modes: readonly ContractMode[] = ALL_MODES): void {
  for (const mode of modes) {
    const test = suite(`heavy contract of ${name}, ${mode}`);
    const setup = { requestHandler: COUNTING_HANDLER, tracking: false, timeoutMs: 60_000 };
    contractTests(test, make, mode)(`a channel of ${HEAVY_ITEMS} items each way`, setup, async ({ client }) => {
      await countOverChannel(client.zeroCopy, HEAVY_ITEMS);
    });
    test.run();
  }
}
