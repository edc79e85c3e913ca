import type { ServerTransport } from 'rsocket-core';
import { type ListenShmOptions, listenShm } from '../listenShm.ts';
import { DEFAULT_SHM_SERVICE } from '../ShmEndpoint.ts';
import { type AcceptOptions, acceptClient, type ConnectionAcceptor, type ServerFactory } from './acceptClient.ts';
import { ServerClosing } from './ServerClosing.ts';

/** For which thread, and how; all of it has a default. */
export interface ShmServerOptions extends ListenShmOptions, AcceptOptions {}

/**
 * A `ServerTransport` of rsocket-core 1.0.0-alpha for another thread, whose `ShmClientTransport` connects to it: for a
 * `worker` of this thread, or without one for the parent. In a worker, bind it before anything else listens to
 * `parentPort`; in the parent, before the worker connects.
 *
 *     await new RSocketServer({ transport: new ShmServerTransport(), acceptor }).bind()
 */
export class ShmServerTransport implements ServerTransport {
  readonly #options: ShmServerOptions;

  constructor(options: ShmServerOptions = {}) {
    this.#options = options;
  }

  /** @throws RSocketError (as rejection) ERR_FLYSOCKET_LISTEN, ERR_FLYSOCKET_NO_PARENT */
  async bind(
    connectionAcceptor: ConnectionAcceptor,
    multiplexerDemultiplexerFactory: ServerFactory,
  ): Promise<ServerClosing<string>> {
    const options = this.#options;
    const listener = listenShm(options, (link) => {
      acceptClient(link, connectionAcceptor, multiplexerDemultiplexerFactory, options);
    });
    return new ServerClosing(options.service ?? DEFAULT_SHM_SERVICE, () => listener.close());
  }
}
