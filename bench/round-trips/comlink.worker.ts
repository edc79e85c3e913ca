/** Answers ComlinkRequests. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { jobsByMessage } from '../harness/threads/jobsByMessage.ts';
import { loadRival } from '../loadRival.ts';
import answer from '../workers/poolTask.ts';
import { type ComlinkModule, nodeEndpoint } from './comlink.ts';

const port = parentPort as MessagePort;

jobsByMessage(port, workerData.jobs);
(loadRival<ComlinkModule>('comlink') as ComlinkModule).expose({ answer }, nodeEndpoint(port));
