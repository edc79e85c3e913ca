/** Counts on the channels of its parent, in the mode that its data names. It ends well if nothing was left behind. */
import { workerData } from 'node:worker_threads';
import { acceptParent } from 'flysocket/shm-transport';
import { COUNTING_HANDLER } from '../tck/CountingChannel.ts';
import { CONTRACT_MODES, type ContractMode, newPool } from '../tck/contractPeers.ts';

const pool = newPool('worker', false);
const mode: ContractMode = workerData;
const peer = await acceptParent({ ...CONTRACT_MODES[mode], requestHandler: COUNTING_HANDLER, pool });
await peer.onClose;
if (peer.zeroCopy.openStreams > 0) throw new Error(`${peer.zeroCopy.openStreams} streams are open`);
pool.assertQuiescent();
