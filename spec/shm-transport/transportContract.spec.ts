import { transportContract } from '../tck/transportContract.ts';
import { linkPair } from './linkSupport.ts';
import { portPair } from './portSupport.ts';

for (const ringCapacity of [4_096, 262_144]) {
  transportContract(`a link with rings of ${ringCapacity} bytes`, async () => {
    const [client, server] = await linkPair(ringCapacity);
    return { client, server };
  });
}

transportContract('a link over a port', async () => {
  const [client, server] = await portPair(65_536);
  return { client, server };
});
