import { duplexConnectionKit } from '../tck/duplexConnection.ts';
import { linkPair } from './linkSupport.ts';

for (const ringCapacity of [4_096, 65_536]) {
  duplexConnectionKit(`a link with rings of ${ringCapacity} bytes`, async () => {
    const [left, right] = await linkPair(ringCapacity);
    const close = async (): Promise<void> => {
      left.close();
      right.close();
      await Promise.all([left.onClose, right.onClose]);
    };
    return { left, right, close };
  });
}
