import type { ClientTransport, DuplexConnection } from 'rsocket-core';
import { MAX_FRAME_LENGTH } from '../../codec/index.ts';
import { type OpenWebSocketOptions, openWebSocket } from '../../ws-transport/index.ts';
import type { FrameConnectionOptions } from './FrameConnection.ts';
import { type ClientFactory, openClient } from './openClient.ts';
import { openGivenWebSocket } from './openGivenWebSocket.ts';

/** The options of the original, and those of our connections. */
export interface WebsocketClientOptions
  extends Omit<OpenWebSocketOptions, 'webSocket' | 'pool'>,
    FrameConnectionOptions {
  readonly url: string;
  /** Makes the WebSocket, of the npm package `ws` or as browsers have it. Default our own, which needs neither. */
  readonly wsCreator?: ((url: string) => object) | undefined;
  /** Of no effect, as in the original. */
  readonly debug?: boolean | undefined;
  /** Longest frame that is sent, in bytes; what is longer goes in fragments. Default `MAX_FRAME_LENGTH`. */
  readonly maxFrameLength?: number | undefined;
}

/** The `WebsocketClientTransport` of rsocket-websocket-client 1.0.0-alpha, with its options, on our connections. */
export class WebsocketClientTransport implements ClientTransport {
  readonly #options: WebsocketClientOptions;

  constructor(options: WebsocketClientOptions) {
    this.#options = { ...options, maxFrameLength: options.maxFrameLength ?? MAX_FRAME_LENGTH };
  }

  /**
   * @throws (as rejection) what the 'error' event of a given WebSocket says; RSocketError ERR_FLYSOCKET_CONNECT_FAILED,
   *   ERR_FLYSOCKET_CONNECT_TIMEOUT, ERR_FLYSOCKET_NO_RESUMPTION
   */
  async connect(multiplexerDemultiplexerFactory: ClientFactory): Promise<DuplexConnection> {
    const { pool, ...others } = this.#options;
    const { url, wsCreator } = others;
    const options = pool === undefined ? others : { ...others, pool };
    const connection =
      wsCreator === undefined
        ? await openWebSocket(url, options)
        : await openGivenWebSocket(wsCreator(url), url, options);
    return openClient(connection, multiplexerDemultiplexerFactory, options);
  }
}
