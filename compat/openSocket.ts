import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { BlockKind, processCounters } from '../counters/index.ts';
import { RSocketError } from '../flyweight/index.ts';
import {
  SharedReads,
  TCP_CONNECT_TIMEOUT_MS,
  TcpConnection,
  type TcpConnectionOptions,
} from '../tcp-transport/index.ts';

/** How a socket becomes a connection; all of it has a default. */
export interface OpenSocketOptions extends Omit<TcpConnectionOptions, 'counters'> {
  /** Time for the connection, and for the handshake of TLS. Default `TCP_CONNECT_TIMEOUT_MS`. */
  readonly connectTimeoutMs?: number | undefined;
}

/**
 * Opens a connection as `net.connect` does, with all of its options, or by a socket that somebody else makes: a
 * `TLSSocket` is waited for until its handshake is done. No SETUP is sent.
 * @throws (as rejection) what the socket's 'error' event says; or RSocketError ERR_FLYSOCKET_CONNECT_TIMEOUT, or
 *   ERR_FLYSOCKET_CONNECT_FAILED if the socket closes without an error
 */
export async function openSocket(
  target: NetConnectOpts,
  makeSocket: ((target: NetConnectOpts) => Socket) | undefined,
  options: OpenSocketOptions = {},
): Promise<TcpConnection> {
  const reads = makeSocket === undefined ? SharedReads.create() : undefined;
  const ours = { allowHalfOpen: true, ...(reads === undefined ? {} : { onread: reads.onread }) };
  const socket = makeSocket === undefined ? connect({ ...target, ...ours } as NetConnectOpts) : makeSocket(target);
  // A socket may break before anybody else listens for that.
  socket.on('error', ignore);
  try {
    await opened(socket, options.connectTimeoutMs ?? TCP_CONNECT_TIMEOUT_MS);
    const counters = processCounters().allocate(BlockKind.LINK, `tcp ${nameOf(target)}`);
    return new TcpConnection(socket, { ...options, counters }, reads);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function opened(socket: Socket, timeoutMs: number): Promise<void> {
  const isTls = socket instanceof TLSSocket;
  if (!isTls && !socket.connecting && socket.readyState === 'open') return Promise.resolve();
  return new Promise((resolve, reject) => {
    const event = isTls ? 'secureConnect' : 'connect';
    const settle = (how: () => void): void => {
      clearTimeout(timer);
      socket.off(event, onOpen);
      socket.off('error', onError);
      socket.off('close', onClose);
      how();
    };
    const onOpen = (): void => settle(resolve);
    const onError = (error: Error): void => settle(() => reject(error));
    const fail = (code: string, message: string): void => settle(() => reject(new RSocketError(code, message)));
    const onClose = (): void => fail('ERR_FLYSOCKET_CONNECT_FAILED', 'the socket closed before it was connected');
    const timer = setTimeout(fail, timeoutMs, 'ERR_FLYSOCKET_CONNECT_TIMEOUT', `not connected within ${timeoutMs} ms`);
    socket.on(event, onOpen);
    socket.on('error', onError);
    socket.on('close', onClose);
  });
}

function nameOf(target: NetConnectOpts): string {
  return 'path' in target ? target.path : `${target.host ?? 'localhost'}:${target.port}`;
}

function ignore(): void {}
