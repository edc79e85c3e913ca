import { type ClientOptions, connectPeer, type RSocketPeer } from '../core/index.ts';
import type { DuplexConnection } from '../transport/index.ts';
import { ReconnectingRSocket } from './ReconnectingRSocket.ts';
import type { ReconnectOptions } from './ReconnectOptions.ts';

/** What a client of any transport may choose beside its peer's options. */
export interface EndpointOptions {
  /** Connects again when the connection is lost or cannot be made: true, or how. Default: it does not. */
  readonly reconnect?: boolean | ReconnectOptions | undefined;
  /** Puts something between each new connection and its peer, such as a `WatchedConnection`. */
  readonly decorate?: ((connection: DuplexConnection) => DuplexConnection) | undefined;
}

/** Makes the peer over a connection that `open` makes, or one that outlives its connections. */
export async function connectOver(
  open: (signal: AbortSignal | undefined) => Promise<DuplexConnection>,
  options: ClientOptions & EndpointOptions & { readonly signal?: AbortSignal | undefined },
): Promise<RSocketPeer | ReconnectingRSocket> {
  const { reconnect = false, decorate = same } = options;
  const connectOnce = async (signal: AbortSignal | undefined): Promise<RSocketPeer> => {
    const connection = await open(signal);
    try {
      return connectPeer(decorate(connection), options);
    } catch (error) {
      connection.close();
      throw error;
    }
  };
  if (reconnect === false) return connectOnce(options.signal);
  const { clock } = options;
  const how = reconnect === true ? {} : reconnect;
  return new ReconnectingRSocket(connectOnce, clock === undefined ? how : { clock, ...how });
}

function same(connection: DuplexConnection): DuplexConnection {
  return connection;
}
