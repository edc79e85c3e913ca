import type { RSocketPeer } from '../core/index.ts';
import { poolOfThisThread } from '../transport/index.ts';
import type { Host } from './Host.ts';

/** What a reference responder has done, and who is connected to it. */
export class ServeStatistics {
  requestResponse = 0;
  fireAndForget = 0;
  requestStream = 0;
  requestChannel = 0;
  metadataPush = 0;
  readonly #peers: Set<RSocketPeer> = new Set();

  /** A client is let in. */
  add(peer: RSocketPeer): void {
    this.#peers.add(peer);
    peer.onClose.then(() => this.#peers.delete(peer));
  }

  /** The answer to `stats`. The stream that asks for it is open, too. */
  describe(host: Host): object {
    const { acquired, released } = poolOfThisThread().stats;
    let openStreams = 0;
    for (const peer of this.#peers) openStreams += peer.zeroCopy.openStreams;
    const connections = this.#peers.size;
    return { ...this, connections, openStreams, pool: { acquired, released }, rss: host.memoryUsage.rss() };
  }
}
