import { countedPoolOfThisThread } from '../../shm-transport/index.ts';
import { type ConnectShmOptions, connectShm } from '../connectShm.ts';
import { ClientConnection } from './ClientConnection.ts';
import type { Encoders } from './Encoders.ts';
import type { FlowableConnectionOptions } from './FlowableConnection.ts';

/** Which thread to connect to, and how. */
export interface RSocketShmClientOptions extends ConnectShmOptions, FlowableConnectionOptions {}

/**
 * A connection to a `RSocketShmServer` in another thread, for RSocketClient: `new RSocketShmClient({ worker })` in the
 * thread that started the worker, `new RSocketShmClient()` in a worker whose parent listens. Any number may be open
 * between two threads, in both directions.
 *
 * Its status becomes ERROR, with an RSocketError, as `connectShm` says.
 */
export class RSocketShmClient extends ClientConnection {
  /** @param encoders of data, metadata and so on: `BufferEncoders` for Buffers; by default everything is a string */
  constructor(options: RSocketShmClientOptions = {}, encoders?: Encoders) {
    super(() => connectShm(options), encoders, countedPoolOfThisThread(), options);
  }
}
