import type { ClientTransport, DuplexConnection } from 'rsocket-core';
import { type ConnectShmOptions, connectShm } from '../connectShm.ts';
import type { FrameConnectionOptions } from './FrameConnection.ts';
import { type ClientFactory, openClient } from './openClient.ts';

/** To which thread, and how; all of it has a default. */
export interface ShmClientOptions extends ConnectShmOptions, FrameConnectionOptions {}

/**
 * A `ClientTransport` of rsocket-core 1.0.0-alpha to another thread, in which an `ShmServerTransport` is bound: to a
 * `worker` of this thread, or without one to the parent. Each `connect` makes a link of its own, with its own rings.
 *
 *     new RSocketConnector({ transport: new ShmClientTransport({ worker }) }).connect()
 */
export class ShmClientTransport implements ClientTransport {
  readonly #options: ShmClientOptions;

  constructor(options: ShmClientOptions = {}) {
    this.#options = options;
  }

  /** @throws RSocketError (as rejection) as `connectShm`; ERR_FLYSOCKET_NO_RESUMPTION */
  async connect(multiplexerDemultiplexerFactory: ClientFactory): Promise<DuplexConnection> {
    return openClient(await connectShm(this.#options), multiplexerDemultiplexerFactory, this.#options);
  }
}
