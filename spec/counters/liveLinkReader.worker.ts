/** Reads all counters whenever it is asked, and has nothing to do with what they count. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { CountersReader } from 'flysocket/counters';

const reader = new CountersReader(workerData as SharedArrayBuffer);
const port = parentPort as MessagePort;

port.on('message', () => port.postMessage(reader.snapshot()));
