import { duplexConnectionKit } from '../tck/duplexConnection.ts';
import { portPair } from './portSupport.ts';

for (const batchLength of [512, 8_192]) {
  duplexConnectionKit(`a port with batches of ${batchLength} bytes`, async () => {
    const [left, right] = await portPair(batchLength);
    const close = async (): Promise<void> => {
      left.close();
      right.close();
      await Promise.all([left.onClose, right.onClose]);
    };
    return { left, right, close };
  });
}
