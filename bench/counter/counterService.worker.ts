/** A counter behind a link. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { acceptParent } from 'flysocket/shm-transport';
import { jobsByMessage } from '../harness/threads/jobsByMessage.ts';
import { LocalCounter } from './LocalCounter.ts';
import { counterHandler } from './RemoteCounter.ts';

jobsByMessage(parentPort as MessagePort, workerData.jobs);
await acceptParent({ handler: counterHandler(new LocalCounter()) });
