import type { Server, Socket } from 'node:net';
import type { CloseOptions, PeerServer, RSocketPeer } from '../core/index.ts';
import type { TcpAddress } from './TcpAddress.ts';

/** A server that listens, made by `serveTcp`. */
export class TcpServer {
  /** Where it listens, with the port that it was given. */
  readonly address: TcpAddress;
  readonly #server: Server;
  readonly #peers: PeerServer;
  readonly #sockets: ReadonlySet<Socket>;
  #closing: Promise<void> | undefined;

  /** @param sockets all that are open, those included whose handshake of TLS is under way */
  constructor(server: Server, peers: PeerServer, sockets: ReadonlySet<Socket>, asked: TcpAddress) {
    this.#server = server;
    this.#peers = peers;
    this.#sockets = sockets;
    const actual = server.address();
    this.address = actual === null || typeof actual === 'string' ? asked : { host: actual.address, port: actual.port };
  }

  /** The clients that have been let in and are there still. */
  get peers(): ReadonlySet<RSocketPeer> {
    return this.#peers.peers;
  }

  /** Connections that are open, those whose SETUP is awaited included. */
  get connections(): number {
    return this.#peers.connections;
  }

  /** Listens no more, lets running streams finish within the deadline, and ends. A second call awaits the first. */
  close(options: CloseOptions = {}): Promise<void> {
    this.#closing ??= this.#close(options);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(options: CloseOptions): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    await this.#peers.close(options);
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
