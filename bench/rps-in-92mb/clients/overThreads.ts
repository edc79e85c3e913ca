/** Ours to another thread of this process. */
import { connectWorker } from 'flysocket/shm-transport';
import { BenchThread } from '../../harness/threads/BenchThread.ts';
import type { Level } from '../../request-response/linkResponder.worker.ts';
import type { Asker, OpenAsker } from '../Asker.ts';
import { LowLevelAsker } from './LowLevelAsker.ts';
import { PromiseAsker } from './PromiseAsker.ts';

const responder = new URL('../../request-response/linkResponder.worker.js', import.meta.url);

function overThreads(level: Level): OpenAsker {
  return async (): Promise<Asker> => {
    const thread = await BenchThread.start(responder, { level });
    const peer = await connectWorker(thread.worker);
    const end = async (): Promise<void> => {
      await peer.close();
      await thread.stop();
    };
    return level === 'low' ? new LowLevelAsker(peer, end) : new PromiseAsker(peer, end);
  };
}

export const lowLevel: OpenAsker = overThreads('low');
export const promises: OpenAsker = overThreads('high');
