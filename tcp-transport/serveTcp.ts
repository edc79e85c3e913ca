import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { MAX_CONNECTIONS, PeerServer, type PeerServerOptions, type Responder } from '../core/index.ts';
import { BlockKind, processCounters } from '../counters/index.ts';
import { RSocketError } from '../flyweight/index.ts';
import { MAX_EXTRA_SOCKETS, TCP_CONNECT_TIMEOUT_MS } from './limits.ts';
import { listen } from './listen.ts';
import { withSharedReads } from './SharedReads.ts';
import { addressToString, type TcpAddress } from './TcpAddress.ts';
import { TcpConnection, type TcpConnectionOptions } from './TcpConnection.ts';
import { TcpServer } from './TcpServer.ts';

/** What a server over TCP may choose; all of it has defaults. */
export interface ServeTcpOptions
  extends Omit<PeerServerOptions, 'responder' | 'counters'>,
    Omit<TcpConnectionOptions, 'counters' | keyof PeerServerOptions> {
  /** For TLS: what `tls.createServer` takes, a certificate and its key at least. Default no TLS. */
  readonly tls?: TlsOptions | undefined;
}

/**
 * Listens for clients over TCP, on a Unix socket or with TLS. Resolves when it listens. The file of a Unix socket on
 * which nobody listens any more is removed first.
 * @throws RSocketError (as rejection) ERR_FLYSOCKET_LISTEN with its cause
 */
export async function serveTcp(
  address: TcpAddress,
  responder: Responder,
  options: ServeTcpOptions = {},
): Promise<TcpServer> {
  const { tls, maxConnections = MAX_CONNECTIONS } = options;
  const peers = new PeerServer({ ...options, responder });
  const name = `tcp ${addressToString(address)}`;
  const sockets: Set<Socket> = new Set();
  const track = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  };
  const accept = (accepted: Socket): void => {
    // A socket may break before anybody else listens for that.
    accepted.on('error', ignore);
    if (tls === undefined && sockets.size >= maxConnections + MAX_EXTRA_SOCKETS) {
      accepted.destroy();
      options.onRefused?.(tooManySockets(sockets.size));
      return;
    }
    const { socket, reads } = tls === undefined ? withSharedReads(accepted) : { socket: accepted, reads: undefined };
    if (tls === undefined) track(socket);
    const counters = processCounters().allocate(BlockKind.LINK, name);
    peers.accept(new TcpConnection(socket, { ...options, counters }, reads));
  };
  const server = tls === undefined ? plainServer(accept) : tlsServer(tls, accept);
  // Where sockets are handed on as they are, the system's count of them holds before the handshake, too.
  if (tls !== undefined) {
    server.maxConnections = maxConnections;
    server.on('connection', track);
  }
  server.on('error', (error) => options.onRefused?.(error));
  await listen(server, address);
  return new TcpServer(server, peers, sockets, address);
}

function plainServer(accept: (socket: Socket) => void): Server {
  return createServer({ allowHalfOpen: true, pauseOnConnect: true }, accept);
}

function tlsServer(tls: TlsOptions, accept: (socket: Socket) => void): Server {
  // The types leave out `allowHalfOpen`, which the server hands down.
  const options = { handshakeTimeout: TCP_CONNECT_TIMEOUT_MS, ...tls, allowHalfOpen: true };
  return createTlsServer(options, accept);
}

function tooManySockets(count: number): RSocketError {
  return new RSocketError('ERR_FLYSOCKET_TOO_MANY_CONNECTIONS', `too many sockets are open: ${count}`);
}

function ignore(): void {}
