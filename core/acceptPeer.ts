import { RSocketError } from '../flyweight/index.ts';
import { type DuplexConnection, poolOfThisThread } from '../transport/index.ts';
import type { EntranceOptions } from './PeerOptions.ts';
import { RSocketPeer, type RSocketPeerOptions } from './RSocketPeer.ts';

/** What a server may choose; all but who answers has defaults. */
export interface ServerOptions
  extends Partial<Omit<RSocketPeerOptions, 'firstStreamId' | 'setup' | 'entrance' | 'positions'>>,
    Omit<EntranceOptions, 'accept'> {}

/**
 * Makes this side of `connection` a server: it waits for the SETUP and lets its responder decide. Resolves when the
 * client has been let in; `onAccepted` is called before any of its requests is looked at.
 * @throws RSocketError (as rejection) what ended the connection before that, such as ERR_FLYSOCKET_INVALID_SETUP,
 *   ERR_FLYSOCKET_REJECTED_SETUP, ERR_FLYSOCKET_SETUP_TIMEOUT
 */
export function acceptPeer(connection: DuplexConnection, options: ServerOptions): Promise<RSocketPeer> {
  return new Promise((resolve, reject) => {
    const { pool = poolOfThisThread() } = options;
    const onAccepted = (): void => {
      options.onAccepted?.();
      resolve(peer);
    };
    const peer = new RSocketPeer(connection, { ...options, pool, firstStreamId: 2, entrance: options, onAccepted });
    peer.onClose.then((error) => {
      reject(
        error ?? new RSocketError('ERR_FLYSOCKET_CONNECTION_CLOSED', 'the connection was closed before its SETUP'),
      );
    });
  });
}
