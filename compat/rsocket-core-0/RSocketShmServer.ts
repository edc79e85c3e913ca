import { countedPoolOfThisThread } from '../../shm-transport/index.ts';
import { type ListenShmOptions, listenShm } from '../listenShm.ts';
import type { AcceptedConnectionOptions } from './AcceptedConnection.ts';
import type { Encoders } from './Encoders.ts';
import { FlowableServer } from './FlowableServer.ts';

/** Which thread to listen to, and how. */
export interface RSocketShmServerOptions extends ListenShmOptions, AcceptedConnectionOptions {}

/**
 * Takes the connections of `RSocketShmClient` in another thread, for RSocketServer: `new RSocketShmServer()` in a
 * worker, for its parent; `new RSocketShmServer({ worker })` in the thread that started the worker, for that.
 *
 * Begin to listen before anything else listens to `parentPort`, which would take the requests away.
 */
export class RSocketShmServer extends FlowableServer {
  /** @param encoders as for `RSocketShmClient`, for all connections */
  constructor(options: RSocketShmServerOptions = {}, encoders?: Encoders) {
    const listen = async (accept: Parameters<typeof listenShm>[1]): Promise<() => void> => {
      const listener = listenShm(options, accept);
      return () => listener.close();
    };
    super(listen, encoders, countedPoolOfThisThread(), options);
  }
}
