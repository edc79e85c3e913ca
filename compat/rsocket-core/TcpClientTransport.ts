import type { NetConnectOpts, Socket } from 'node:net';
import type { ClientTransport, DuplexConnection } from 'rsocket-core';
import { MAX_FRAME_LENGTH } from '../../codec/index.ts';
import { type OpenSocketOptions, openSocket } from '../openSocket.ts';
import type { FrameConnectionOptions } from './FrameConnection.ts';
import { type ClientFactory, openClient } from './openClient.ts';

/** The options of the original, and those of our connections. */
export interface TcpClientOptions extends OpenSocketOptions, FrameConnectionOptions {
  /** What `net.connect` takes. Nagle's algorithm is off, whatever they say. */
  readonly connectionOptions: NetConnectOpts;
  /** Makes the socket; one for TLS is waited for until its handshake is done. Default `net.connect`. */
  readonly socketCreator?: ((options: NetConnectOpts) => Socket) | undefined;
  /** Longest frame that is sent, in bytes; what is longer goes in fragments. Default `MAX_FRAME_LENGTH`. */
  readonly maxFrameLength?: number | undefined;
}

/** The `TcpClientTransport` of rsocket-tcp-client 1.0.0-alpha, with the same options, on our connections. */
export class TcpClientTransport implements ClientTransport {
  readonly #options: TcpClientOptions;

  constructor(options: TcpClientOptions) {
    this.#options = { ...options, maxFrameLength: options.maxFrameLength ?? MAX_FRAME_LENGTH };
  }

  /**
   * @throws (as rejection) what the socket's 'error' event says; RSocketError ERR_FLYSOCKET_CONNECT_TIMEOUT,
   *   ERR_FLYSOCKET_CONNECT_FAILED, ERR_FLYSOCKET_NO_RESUMPTION
   */
  async connect(multiplexerDemultiplexerFactory: ClientFactory): Promise<DuplexConnection> {
    const options = this.#options;
    const connection = await openSocket(options.connectionOptions, options.socketCreator, options);
    return openClient(connection, multiplexerDemultiplexerFactory, options);
  }
}
