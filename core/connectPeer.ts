import { type DuplexConnection, poolOfThisThread } from '../transport/index.ts';
import { RSocketPeer, type RSocketPeerOptions } from './RSocketPeer.ts';

/** What a client may choose; all of it has defaults. */
export interface ClientOptions
  extends Partial<Omit<RSocketPeerOptions, 'firstStreamId' | 'entrance' | 'counters' | 'positions'>> {}

/**
 * Makes this side of `connection` a client: it sends its SETUP, after which requests may follow at once. Whether the
 * server accepts is known when it answers; a refusal ends the connection, and what was asked fails with its error.
 * @throws RSocketError ERR_FLYSOCKET_MIME_TYPE; ERR_FLYSOCKET_FRAME_TOO_LONG if the SETUP does not fit one frame
 */
export function connectPeer(connection: DuplexConnection, options: ClientOptions = {}): RSocketPeer {
  const { pool = poolOfThisThread(), setup = {} } = options;
  return new RSocketPeer(connection, { ...options, pool, setup, firstStreamId: 1 });
}
