import type { CloseOptions, PeerServer, RSocketPeer } from '../core/index.ts';
import type { WebSocketListener } from './WebSocketListener.ts';

/** A listener, and the peers that came by it. */
export class WebSocketServer {
  readonly #listener: WebSocketListener;
  readonly #peerServer: PeerServer;

  /** Made by `serveWebSocket`. */
  constructor(listener: WebSocketListener, peerServer: PeerServer) {
    this.#listener = listener;
    this.#peerServer = peerServer;
  }

  /** Where it listens, and the path for clients' URLs. */
  get address(): WebSocketListener['address'] {
    return this.#listener.address;
  }

  /** The clients that have been let in and are there still. */
  get peers(): ReadonlySet<RSocketPeer> {
    return this.#peerServer.peers;
  }

  /** Takes no more connections, and ends those there are in good order. Resolves when all have ended. */
  async close(options: CloseOptions = {}): Promise<void> {
    await Promise.all([this.#listener.close(), this.#peerServer.close(options)]);
  }
}
