import type { NetConnectOpts } from 'node:net';
import { MAX_FRAME_LENGTH } from '../../codec/index.ts';
import { poolOfThisThread } from '../../transport/index.ts';
import { type OpenSocketOptions, openSocket } from '../openSocket.ts';
import { ClientConnection } from './ClientConnection.ts';
import type { Encoders } from './Encoders.ts';
import type { FlowableConnectionOptions } from './FlowableConnection.ts';

/** What `net.connect` takes, and how the connection is used. */
export type RSocketTcpClientOptions = NetConnectOpts & OpenSocketOptions & FlowableConnectionOptions;

/**
 * A connection over TCP, for RSocketClient, in the place of the RSocketTcpClient of npm rsocket-tcp-client 0.0.27. A
 * payload goes in one frame, as it does there, and in fragments only where one frame is too short for it.
 */
export class RSocketTcpClient extends ClientConnection {
  /** @param encoders of data, metadata and so on: `BufferEncoders` for Buffers; by default everything is a string */
  constructor(options: RSocketTcpClientOptions, encoders?: Encoders) {
    const open = { maxFrameLength: MAX_FRAME_LENGTH, ...options };
    super(() => openSocket(options, undefined, open), encoders, poolOfThisThread(), options);
  }
}
