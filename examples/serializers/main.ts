import { WorkerPool } from 'flysocket/workers';
import type { Order, Receipt } from './orders.ts';

const order: Order = {
  id: 7n,
  ordered: new Date(0),
  items: [
    { name: 'rope', price: 12.5, pieces: 2 },
    { name: 'lamp', price: 17.5, pieces: 1 },
  ],
};

const serializers = {
  'as it comes': undefined, // what structured clone carries arrives as it was
  'cbor-x': new URL('./cborSerializer.js', import.meta.url),
  JSON: new URL('./jsonSerializer.js', import.meta.url),
};

for (const [name, serializer] of Object.entries(serializers)) {
  // A module, not an object: this thread and each worker load one of their own.
  const pool = new WorkerPool<Order, Receipt>({
    filename: new URL('./orders.js', import.meta.url).href,
    name: 'receiptFor',
    maxThreads: 1,
    serializer,
  });
  const { id, total, orderedIsA } = await pool.run(order);
  console.log(`${name}: ${typeof id} ${id}, total ${total}, ordered on a ${orderedIsA}`);
  await pool.close();
}
