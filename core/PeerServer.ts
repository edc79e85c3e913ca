import { encodeError, lengthOfError } from '../codec/index.ts';
import { ErrorCode, RSocketError } from '../flyweight/index.ts';
import type { DuplexConnection } from '../transport/index.ts';
import { acceptPeer, type ServerOptions } from './acceptPeer.ts';
import { MAX_CONNECTIONS, SHUTDOWN_DEADLINE_MS } from './limits.ts';
import { throwLater } from './PeerOptions.ts';
import type { CloseOptions } from './RSocket.ts';
import type { RSocketPeer } from './RSocketPeer.ts';

/** What the peers of one server share. */
export interface PeerServerOptions extends ServerOptions {
  /** Connections at once, those whose SETUP is awaited included. Default `MAX_CONNECTIONS`. */
  readonly maxConnections?: number | undefined;
  /** Told of each client that was let in. */
  readonly onPeer?: ((peer: RSocketPeer) => void) | undefined;
  /** Told of each connection that ended before its client was let in, and why. */
  readonly onRefused?: ((error: unknown) => void) | undefined;
}

/** The connections of a server, whatever carries them: lets clients in, knows who is there, and closes them all. */
export class PeerServer {
  readonly #options: PeerServerOptions;
  readonly #maxConnections: number;
  readonly #connections: Set<DuplexConnection> = new Set();
  readonly #peers: Set<RSocketPeer> = new Set();
  #isClosing = false;

  constructor(options: PeerServerOptions) {
    this.#options = options;
    this.#maxConnections = options.maxConnections ?? MAX_CONNECTIONS;
  }

  /** The clients that have been let in and are there still. */
  get peers(): ReadonlySet<RSocketPeer> {
    return this.#peers;
  }

  /** Connections that are open, those whose SETUP is awaited included. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Takes a new connection over. One beyond the bound is closed at once. */
  accept(connection: DuplexConnection): void {
    if (this.#isClosing || this.#connections.size >= this.#maxConnections) {
      const message = this.#isClosing
        ? 'the server is closing'
        : `too many connections: maxConnections=${this.#maxConnections}`;
      const error = new RSocketError('ERR_FLYSOCKET_TOO_MANY_CONNECTIONS', message, ErrorCode.REJECTED_SETUP);
      refuse(connection, error);
      this.#tell(connection.onClose.then(() => this.#options.onRefused?.(error)));
      return;
    }
    this.#connections.add(connection);
    connection.onClose.then(() => this.#connections.delete(connection));
    this.#tell(
      acceptPeer(connection, this.#options).then(
        (peer) => this.#add(peer),
        (error) => this.#options.onRefused?.(error),
      ),
    );
  }

  /** Lets nobody in any more and closes all connections in good order. Resolves when they have ended. */
  async close({ deadlineMs = SHUTDOWN_DEADLINE_MS }: CloseOptions = {}): Promise<void> {
    this.#isClosing = true;
    const ends = [...this.#connections].map((connection) => connection.onClose);
    const peers = new Set([...this.#peers].map((peer) => peer.zeroCopy.connection));
    for (const peer of this.#peers) peer.zeroCopy.shutDown(deadlineMs);
    for (const connection of this.#connections) if (!peers.has(connection)) connection.close();
    await Promise.all(ends);
  }

  /** What a listener throws is reported. */
  #tell(told: Promise<void>): void {
    told.catch(this.#options.onUncaught ?? throwLater);
  }

  #add(peer: RSocketPeer): void {
    if (peer.zeroCopy.isClosed) return;
    this.#peers.add(peer);
    peer.onClose.then(() => this.#peers.delete(peer));
    this.#options.onPeer?.(peer);
  }
}

/** Tells the client why, without waiting for what it has to say. */
function refuse(connection: DuplexConnection, error: RSocketError): void {
  const index = connection.tryClaim(lengthOfError(error.message), 0);
  if (index >= 0) {
    encodeError(connection.buffer, index, 0, ErrorCode.REJECTED_SETUP, error.message);
    connection.commit(index);
  }
  connection.close(error);
}
