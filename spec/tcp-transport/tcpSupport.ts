import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tls from 'node:tls';
import { BufferPool } from 'flysocket/pool';
import { TcpConnection, type TcpConnectionOptions } from 'flysocket/tcp-transport';
import { until } from '../tck/until.ts';
import { TEST_CERTIFICATE, TEST_KEY } from './testCertificate.ts';

/** What a test connects over. */
export type Kind = 'tcp' | 'unix' | 'tls';

export interface TcpPair {
  readonly left: TcpConnection;
  readonly right: TcpConnection;
  readonly pools: readonly BufferPool[];
  /** Ends both, and finds that all memory came back. */
  close(): Promise<void>;
}

/** A connection, and the bare socket at its other end. */
export interface RawPair {
  readonly connection: TcpConnection;
  readonly raw: Socket;
  readonly pool: BufferPool;
  close(): Promise<void>;
}

/** Two sockets that are connected with each other, nobody having read from either. */
export async function socketPair(kind: Kind = 'tcp'): Promise<[Socket, Socket]> {
  const folder = mkdtempSync(join(tmpdir(), 'flysocket-'));
  const options = { allowHalfOpen: true, pauseOnConnect: true };
  const server: Server =
    kind === 'tls'
      ? tls.createServer({ allowHalfOpen: true, cert: TEST_CERTIFICATE, key: TEST_KEY })
      : createServer(options);
  try {
    server.listen(kind === 'unix' ? join(folder, 's') : { port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    const accepted = once(server, kind === 'tls' ? 'secureConnection' : 'connection');
    const socket = connectTo(server, kind);
    socket.pause();
    await once(socket, kind === 'tls' ? 'secureConnect' : 'connect');
    const [other] = await accepted;
    return [socket, other];
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function connectTo(server: Server, kind: Kind): Socket {
  if (kind === 'unix') return connect({ path: server.address() as string, allowHalfOpen: true });
  const { port } = server.address() as AddressInfo;
  if (kind === 'tcp') return connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  // The types leave out `allowHalfOpen`, which `net.connect` gets from there.
  const options = { port, host: '127.0.0.1', ca: TEST_CERTIFICATE, allowHalfOpen: true };
  return tls.connect(options);
}

export async function tcpPair(kind: Kind = 'tcp', options: TcpConnectionOptions = {}): Promise<TcpPair> {
  const sockets = await socketPair(kind);
  const pools = [new BufferPool({ tracking: true }), new BufferPool({ tracking: true })] as const;
  const left = new TcpConnection(sockets[0], { ...options, pool: pools[0] });
  const right = new TcpConnection(sockets[1], { ...options, pool: pools[1] });
  const close = async (): Promise<void> => {
    left.close();
    right.close();
    await Promise.all([left.onClose, right.onClose]);
    for (const socket of sockets) socket.destroy();
    for (const pool of pools) await quiescent(pool);
  };
  return { left, right, pools, close };
}

export async function rawPair(options: TcpConnectionOptions = {}): Promise<RawPair> {
  const [raw, socket] = await socketPair();
  const pool = new BufferPool({ tracking: true });
  const connection = new TcpConnection(socket, { ...options, pool });
  raw.on('error', () => {});
  raw.resume();
  const close = async (): Promise<void> => {
    connection.close();
    raw.destroy();
    await connection.onClose;
    await quiescent(pool);
  };
  return { connection, raw, pool, close };
}

/** The write that was under way when a socket ended comes back soon after. */
async function quiescent(pool: BufferPool): Promise<void> {
  await until(() => pool.stats.inUse === 0, 'all memory has come back');
  pool.assertQuiescent();
}
