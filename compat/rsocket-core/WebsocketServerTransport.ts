import type { Server } from 'node:http';
import type { ServerTransport } from 'rsocket-core';
import { MAX_FRAME_LENGTH } from '../../codec/index.ts';
import {
  type ListenWebSocketOptions,
  listenWebSocket,
  type WebSocketAddress,
  type WebSocketListener,
  type WsServer,
} from '../../ws-transport/index.ts';
import { type AcceptOptions, acceptClient, type ConnectionAcceptor, type ServerFactory } from './acceptClient.ts';
import { ServerClosing } from './ServerClosing.ts';

/** The options of the original, and those of our connections. */
export interface WebsocketServerOptions extends Omit<ListenWebSocketOptions, 'pool'>, AcceptOptions {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  /** Makes a `WebSocketServer` of the npm package `ws`. Default our own, which does not need that. */
  readonly wsCreator?: ((options: { host?: string; port?: number }) => WsServer & { close(): void }) | undefined;
  /** Of no effect, as in the original. */
  readonly debug?: boolean | undefined;
  /** For a server of ours: takes upgrades of this path only. Default any. */
  readonly path?: string | undefined;
  /** For a server of ours: takes the upgrades of this HTTP server, and `host` and `port` are of no meaning. */
  readonly httpServer?: Server | undefined;
  /** Longest frame that is sent, in bytes; what is longer goes in fragments. Default `MAX_FRAME_LENGTH`. */
  readonly maxFrameLength?: number | undefined;
}

/** The `WebsocketServerTransport` of rsocket-websocket-server 1.0.0-alpha, with its options, on our connections. */
export class WebsocketServerTransport implements ServerTransport {
  readonly #options: WebsocketServerOptions;

  constructor(options: WebsocketServerOptions) {
    this.#options = { ...options, maxFrameLength: options.maxFrameLength ?? MAX_FRAME_LENGTH };
  }

  /** @throws RSocketError (as rejection) ERR_FLYSOCKET_LISTEN with its cause */
  async bind(
    connectionAcceptor: ConnectionAcceptor,
    multiplexerDemultiplexerFactory: ServerFactory,
  ): Promise<ServerClosing<WebSocketListener['address']>> {
    const { wsCreator, host, port = 0, path, httpServer, pool, ...others } = this.#options;
    const options = pool === undefined ? others : { ...others, pool };
    const given = wsCreator?.({ ...(host === undefined ? {} : { host }), port });
    let address: WebSocketAddress = { host, port, path };
    if (given !== undefined) address = { webSocketServer: given };
    else if (httpServer !== undefined) address = { server: httpServer, path };
    const listener = await listenWebSocket(
      address,
      (connection) => acceptClient(connection, connectionAcceptor, multiplexerDemultiplexerFactory, options),
      options,
    );
    const closing = new ServerClosing(listener.address, () => {
      listener.close();
      given?.close();
    });
    given?.on('error', (error: Error) => closing.close(error));
    given?.on('close', () => closing.close());
    return closing;
  }
}
