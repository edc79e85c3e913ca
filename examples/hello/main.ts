import { Worker } from 'node:worker_threads';
import { connectWorker } from 'flysocket/shm-transport';

const worker = new Worker(new URL('./worker.js', import.meta.url));
const peer = await connectWorker(worker, { handler: { requestResponse: () => 'Ada' } });

const greeting = await peer.requestResponse('Hello');
console.log(greeting.dataUtf8());

for await (const square of peer.requestStream('3')) {
  console.log(square.dataUtf8());
  if (square.dataUtf8() === '25') break; // cancels the stream
}
await peer.close();
