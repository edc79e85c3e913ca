import { InProcessConnection } from 'flysocket/transport';
import { heavyContract } from '../tck/transportContract.ts';

heavyContract('an in-process pair', async () => {
  const [client, server] = InProcessConnection.pair();
  return { client, server };
});
