import type { AddressInfo, ListenOptions, Server, ServerOpts } from 'node:net';
import type { ServerTransport } from 'rsocket-core';
import { MAX_FRAME_LENGTH } from '../../codec/index.ts';
import { type ListenSocketsOptions, listenSockets } from '../listenSockets.ts';
import { type AcceptOptions, acceptClient, type ConnectionAcceptor, type ServerFactory } from './acceptClient.ts';
import { ServerClosing } from './ServerClosing.ts';

/** The options of the original, and those of our connections. */
export interface TcpServerOptions extends Omit<ListenSocketsOptions, 'makeServer'>, AcceptOptions {
  /** What `server.listen` takes. */
  readonly listenOptions: ListenOptions;
  /** What the `net.Server` is made with. */
  readonly serverOptions?: ServerOpts | undefined;
  /** Makes the server; of one for TLS, connections are taken after their handshake. Default a `net.Server`. */
  readonly socketCreator?: ((options: ServerOpts | undefined) => Server) | undefined;
  /** Longest frame that is sent, in bytes; what is longer goes in fragments. Default `MAX_FRAME_LENGTH`. */
  readonly maxFrameLength?: number | undefined;
}

/** The `TcpServerTransport` of rsocket-tcp-server 1.0.0-alpha, with the same options, on our connections. */
export class TcpServerTransport implements ServerTransport {
  readonly #options: TcpServerOptions;

  constructor(options: TcpServerOptions) {
    this.#options = { ...options, maxFrameLength: options.maxFrameLength ?? MAX_FRAME_LENGTH };
  }

  /** @throws (as rejection) what the server's 'error' event says; RSocketError ERR_FLYSOCKET_LISTEN */
  async bind(
    connectionAcceptor: ConnectionAcceptor,
    multiplexerDemultiplexerFactory: ServerFactory,
  ): Promise<ServerClosing<AddressInfo | string | null>> {
    const options = this.#options;
    const server = await listenSockets(
      options.listenOptions,
      (connection) => acceptClient(connection, connectionAcceptor, multiplexerDemultiplexerFactory, options),
      { ...options, makeServer: options.socketCreator },
    );
    const closing = new ServerClosing(server.address(), () => server.close());
    server.on('error', (error) => closing.close(error));
    server.on('close', () => closing.close());
    return closing;
  }
}
