import { createServer, type ListenOptions, type Server, type ServerOpts, type Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import { MAX_CONNECTIONS } from '../core/index.ts';
import { BlockKind, processCounters } from '../counters/index.ts';
import { RSocketError } from '../flyweight/index.ts';
import { TcpConnection, type TcpConnectionOptions, withSharedReads } from '../tcp-transport/index.ts';

/** How a server takes connections; all of it has a default. */
export interface ListenSocketsOptions extends Omit<TcpConnectionOptions, 'counters'> {
  /** For a server that is made here. */
  readonly serverOptions?: ServerOpts | undefined;
  /** Makes the server; a `tls.Server` hands over its connections after their handshake. */
  readonly makeServer?: ((options: ServerOpts | undefined) => Server) | undefined;
  /** Connections at once; more are closed at once. Default the core's `MAX_CONNECTIONS`. */
  readonly maxConnections?: number | undefined;
}

/**
 * Listens for connections; `accept` gets each one, and has to call `receive` on it: nothing is read before. Resolves
 * with the server once it listens.
 * @throws (as rejection) what the server's 'error' event says; or RSocketError ERR_FLYSOCKET_LISTEN if it closes first
 */
export async function listenSockets(
  where: ListenOptions,
  accept: (connection: TcpConnection) => void,
  options: ListenSocketsOptions = {},
): Promise<Server> {
  const { makeServer, serverOptions, maxConnections = MAX_CONNECTIONS } = options;
  const isOurs = makeServer === undefined;
  const server = isOurs
    ? createServer({ noDelay: true, ...serverOptions, allowHalfOpen: true, pauseOnConnect: true })
    : makeServer(serverOptions);
  let open = 0;
  const onSocket = (accepted: Socket): void => {
    // A socket may break before anybody else listens for that.
    accepted.on('error', ignore);
    if (open >= maxConnections) {
      accepted.destroy();
      return;
    }
    const { socket, reads } = isOurs ? withSharedReads(accepted) : { socket: accepted, reads: undefined };
    open++;
    socket.on('close', () => open--);
    const counters = processCounters().allocate(BlockKind.LINK, `tcp ${where.path ?? where.port}`);
    accept(new TcpConnection(socket, { ...options, counters }, reads));
  };
  server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', onSocket);
  await listening(server, where);
  return server;
}

function listening(server: Server, where: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (how: () => void): void => {
      server.off('listening', onListening);
      server.off('error', onError);
      server.off('close', onClose);
      how();
    };
    const onListening = (): void => settle(resolve);
    const onError = (error: Error): void => settle(() => reject(error));
    const onClose = (): void => {
      settle(() => reject(new RSocketError('ERR_FLYSOCKET_LISTEN', 'the server was closed before it listened')));
    };
    server.on('listening', onListening);
    server.on('error', onError);
    server.on('close', onClose);
    server.listen(where);
  });
}

function ignore(): void {}
