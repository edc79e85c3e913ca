import { acceptParent } from 'flysocket/shm-transport';
import { LineReceiver } from './LineReceiver.ts';

await acceptParent({
  requestHandler: { requestChannel: (_, __, streamId, peer) => new LineReceiver(streamId, peer) },
});
