import { connect, type Socket, type TcpNetConnectOpts } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { systemClock } from '../core/index.ts';
import { BlockKind, processCounters } from '../counters/index.ts';
import { RSocketError } from '../flyweight/index.ts';
import { TCP_CONNECT_TIMEOUT_MS } from './limits.ts';
import { SharedReads } from './SharedReads.ts';
import { addressToString, type TcpAddress, toNetAddress } from './TcpAddress.ts';
import { TcpConnection, type TcpConnectionOptions } from './TcpConnection.ts';

/** How a connection is opened; all of it has a default. */
export interface OpenTcpOptions extends Omit<TcpConnectionOptions, 'counters'> {
  /** True for TLS, or what `tls.connect` takes: authorities, a client's certificate. Default no TLS. */
  readonly tls?: boolean | ConnectionOptions | undefined;
  /** Time for the connection and the handshake of TLS. Default `TCP_CONNECT_TIMEOUT_MS`. */
  readonly connectTimeoutMs?: number | undefined;
  /** Gives the attempt up. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens a connection and nothing above it: no SETUP is sent. It is counted in a block of its own.
 * @throws RSocketError (as rejection) ERR_FLYSOCKET_CONNECT_FAILED with its cause, ERR_FLYSOCKET_CONNECT_TIMEOUT,
 *   ERR_FLYSOCKET_FRAME_LIMIT
 * @throws (as rejection) the reason of the `signal`
 */
export async function openTcp(address: TcpAddress, options: OpenTcpOptions = {}): Promise<TcpConnection> {
  options.signal?.throwIfAborted();
  const name = addressToString(address);
  const { tls = false } = options;
  const reads = tls === false ? SharedReads.create() : undefined;
  const target = {
    ...toNetAddress(address),
    allowHalfOpen: true,
    ...(reads === undefined ? {} : { onread: reads.onread }),
  };
  const socket = tls === false ? connect(target as TcpNetConnectOpts) : connectTls({ ...optionsOf(tls), ...target });
  // Else it would begin to read before there is anybody to read for.
  socket.pause();
  socket.on('error', ignore);
  try {
    await opened(socket, tls === false ? 'connect' : 'secureConnect', name, options);
    const counters = processCounters().allocate(BlockKind.LINK, `tcp ${name}`);
    return new TcpConnection(socket, { ...options, counters }, reads);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function optionsOf(tls: boolean | ConnectionOptions): ConnectionOptions {
  return typeof tls === 'object' ? tls : {};
}

function opened(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  name: string,
  { clock = systemClock, connectTimeoutMs = TCP_CONNECT_TIMEOUT_MS, signal }: OpenTcpOptions,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (how: () => void): void => {
      clock.clearTimer(timer);
      signal?.removeEventListener('abort', onAbort);
      socket.off(event, onOpen);
      socket.off('error', onError);
      how();
    };
    const onOpen = (): void => settle(resolve);
    const onAbort = (): void => settle(() => reject(signal?.reason));
    const onError = (cause: Error): void => {
      const message = `cannot connect to ${name}: ${cause.message || String(cause)}`;
      settle(() => reject(new RSocketError('ERR_FLYSOCKET_CONNECT_FAILED', message, undefined, { cause })));
    };
    const timer = clock.setTimer(() => {
      const message = `not connected to ${name} within ${connectTimeoutMs} ms`;
      settle(() => reject(new RSocketError('ERR_FLYSOCKET_CONNECT_TIMEOUT', message)));
    }, connectTimeoutMs);
    signal?.addEventListener('abort', onAbort);
    socket.on(event, onOpen);
    socket.on('error', onError);
  });
}

function ignore(): void {}
