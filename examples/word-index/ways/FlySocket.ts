import { BufferPool } from 'flysocket/pool';
import { connectWorker, type WorkerPeer } from 'flysocket/shm-transport';
import { FileQueue, LineSource } from '../LineSource.ts';
import type { MergedIndex } from '../MergedIndex.ts';
import type { TextFile } from '../textFiles.ts';
import { IndexWorker } from './IndexWorker.ts';
import { LineSender } from './LineSender.ts';
import type { StartedWay, Way } from './Way.ts';

/**
 * About as many lines as the other ways have on their way: both threads can work through a batch while the other one is
 * not on a processor. On a busy machine 256 KiB take a fifth longer (measured).
 */
const RING_CAPACITY: number = 1024 * 1024;

/** Each line is a payload of a request-channel, written as an RSocket frame into shared memory. */
export class FlySocket implements Way {
  readonly name = 'flysocket';

  async start(workers: number): Promise<StartedWay> {
    const started = Array.from({ length: workers }, () => {
      return new IndexWorker(new URL('./flySocket.worker.js', import.meta.url));
    });
    // A pool a link: the longest line may wait on each of them.
    const options = () => ({ ringCapacity: RING_CAPACITY, pool: new BufferPool({ label: 'lines' }) });
    const peers = await Promise.all(started.map(({ worker }) => connectWorker(worker, options())));
    return new StartedFlySocket(started, peers);
  }
}

class StartedFlySocket implements StartedWay {
  readonly #workers: readonly IndexWorker[];
  readonly #peers: readonly WorkerPeer[];

  constructor(workers: readonly IndexWorker[], peers: readonly WorkerPeer[]) {
    this.#workers = workers;
    this.#peers = peers;
  }

  async index(files: readonly TextFile[], merged: MergedIndex): Promise<void> {
    const queue = new FileQueue(files);
    const senders = this.#peers.map((peer) => new LineSender(peer.zeroCopy, new LineSource(queue), merged));
    const sent = Promise.all(senders.map((sender) => sender.run()));
    await Promise.race([sent, ...this.#workers.map(({ failed }) => failed)]);
  }

  ringFill(): number {
    let fill = 0;
    for (const { link } of this.#peers) {
      const { used, capacity } = link.outboundUsage;
      fill += used / capacity;
    }
    return fill / this.#peers.length;
  }

  async end(): Promise<void> {
    await Promise.all(this.#peers.map((peer) => peer.close()));
    await Promise.all(this.#workers.map((worker) => worker.end()));
  }
}
