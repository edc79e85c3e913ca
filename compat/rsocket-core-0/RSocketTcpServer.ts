import type { ListenOptions, Server, Socket } from 'node:net';
import { MAX_FRAME_LENGTH } from '../../codec/index.ts';
import { poolOfThisThread } from '../../transport/index.ts';
import { type ListenSocketsOptions, listenSockets } from '../listenSockets.ts';
import type { AcceptedConnectionOptions } from './AcceptedConnection.ts';
import type { Encoders } from './Encoders.ts';
import { FlowableServer } from './FlowableServer.ts';

/** Where to listen, and how. */
export interface RSocketTcpServerOptions
  extends Pick<ListenOptions, 'port' | 'host' | 'path'>,
    Omit<ListenSocketsOptions, 'makeServer' | 'serverOptions'>,
    AcceptedConnectionOptions {
  /**
   * Makes the server, of `node:net` or `node:tls`, as for npm rsocket-tcp-server. Who asks for port 0 learns it here.
   */
  readonly serverFactory?: ((onConnection: (socket: Socket) => void) => Server) | undefined;
}

/** Listens over TCP, for RSocketServer, in the place of the RSocketTCPServer of npm rsocket-tcp-server 0.0.27. */
export class RSocketTcpServer extends FlowableServer {
  /** @param encoders as for `RSocketTcpClient`, for all connections */
  constructor(options: RSocketTcpServerOptions, encoders?: Encoders) {
    const { port, host, path, serverFactory, ...rest } = options;
    const where = path === undefined ? { port, host } : { path };
    // Connections are taken from the server's own event, so the factory's function has nothing to do.
    const makeServer = serverFactory && ((): Server => serverFactory(() => {}));
    const listen = async (accept: Parameters<typeof listenSockets>[1]): Promise<() => void> => {
      const server = await listenSockets(where as ListenOptions, accept, {
        maxFrameLength: MAX_FRAME_LENGTH,
        ...rest,
        makeServer,
      });
      // A connection that cannot be taken, for want of handles say, is no reason to end the others.
      server.on('error', ignore);
      return () => server.close();
    };
    super(listen, encoders, poolOfThisThread(), options);
  }
}

function ignore(): void {}
