import { InProcessConnection } from 'flysocket/transport';
import { transportContract } from '../tck/transportContract.ts';

for (const capacity of [1_024, 65_536]) {
  transportContract(`an in-process pair of ${capacity} bytes`, async () => {
    const [client, server] = InProcessConnection.pair({ capacity });
    return { client, server };
  });
}
