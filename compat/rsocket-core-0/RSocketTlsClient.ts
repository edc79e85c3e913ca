import { type ConnectionOptions, connect } from 'node:tls';
import { MAX_FRAME_LENGTH } from '../../codec/index.ts';
import { poolOfThisThread } from '../../transport/index.ts';
import { type OpenSocketOptions, openSocket } from '../openSocket.ts';
import { ClientConnection } from './ClientConnection.ts';
import type { Encoders } from './Encoders.ts';
import type { FlowableConnectionOptions } from './FlowableConnection.ts';

/** What `tls.connect` takes, and how the connection is used. */
export type RSocketTlsClientOptions = ConnectionOptions & OpenSocketOptions & FlowableConnectionOptions;

/** As `RSocketTcpClient`, over TLS. It is CONNECTED after the handshake. */
export class RSocketTlsClient extends ClientConnection {
  /** @param encoders as for `RSocketTcpClient` */
  constructor(options: RSocketTlsClientOptions, encoders?: Encoders) {
    const open = { maxFrameLength: MAX_FRAME_LENGTH, ...options };
    const target = { host: options.host, port: options.port ?? 0 };
    super(() => openSocket(target as never, () => connect(options), open), encoders, poolOfThisThread(), options);
  }
}
