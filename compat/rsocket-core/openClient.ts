import type { Closeable, DuplexConnection as LibraryConnection, Outbound } from 'rsocket-core';
import { RSocketError } from '../../flyweight/index.ts';
import type { DuplexConnection } from '../../transport/index.ts';
import { FrameConnection, type FrameConnectionOptions, type Streams } from './FrameConnection.ts';

/** Makes what gets the frames of a connection: the argument of `ClientTransport.connect`. */
export type ClientFactory = (outbound: Outbound & Closeable) => Streams;

/**
 * The client's side of a connection, for the connector of rsocket-core. No frame is delivered before the turn of the
 * event loop in which whoever awaits the result gets it is over.
 * @throws RSocketError ERR_FLYSOCKET_NO_RESUMPTION if the connector has the option `resume`
 */
export function openClient(
  connection: DuplexConnection,
  factory: ClientFactory,
  options: FrameConnectionOptions,
): LibraryConnection {
  const client = new FrameConnection(connection, options, undefined);
  try {
    const streams = factory(client);
    if (isResumable(streams)) {
      throw new RSocketError('ERR_FLYSOCKET_NO_RESUMPTION', 'this transport has no resumption: leave `resume` out');
    }
    client.multiplexerDemultiplexer = streams;
  } catch (error) {
    client.discard();
    throw error;
  }
  setImmediate(() => client.deliver());
  return client;
}

/** That library says nowhere that it is going to resume; but only then can what it hands over do so. */
function isResumable(streams: Streams): boolean {
  return typeof (streams as { resume?: unknown }).resume === 'function';
}
