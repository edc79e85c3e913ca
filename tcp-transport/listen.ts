import { lstat, unlink } from 'node:fs/promises';
import { connect, type Server } from 'node:net';
import { RSocketError } from '../flyweight/index.ts';
import { addressToString, type TcpAddress, toNetAddress } from './TcpAddress.ts';

/**
 * Resolves when `server` listens. A Unix socket's file stays behind when its server is killed: one that refuses
 * connections is removed, and tried again once.
 * @throws RSocketError (as rejection) ERR_FLYSOCKET_LISTEN with its cause
 */
export async function listen(server: Server, address: TcpAddress): Promise<void> {
  try {
    await tryListen(server, address).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE' || !('path' in address) || !(await isStale(address.path))) throw error;
      await unlink(address.path);
      await tryListen(server, address);
    });
  } catch (cause) {
    const message = `cannot listen on ${addressToString(address)}: ${(cause as Error).message}`;
    throw new RSocketError('ERR_FLYSOCKET_LISTEN', message, undefined, { cause });
  }
}

function tryListen(server: Server, address: TcpAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (how: () => void): void => {
      server.off('listening', onListening);
      server.off('error', onError);
      how();
    };
    const onListening = (): void => settle(resolve);
    const onError = (error: Error): void => settle(() => reject(error));
    server.on('listening', onListening);
    server.on('error', onError);
    server.listen(toNetAddress(address));
  });
}

/** True for the file of a socket on which nobody listens. */
async function isStale(path: string): Promise<boolean> {
  if (!(await lstat(path)).isSocket()) return false;
  return new Promise((resolve) => {
    const socket = connect({ path });
    const settle = (isRefused: boolean): void => {
      socket.destroy();
      resolve(isRefused);
    };
    socket.on('connect', () => settle(false));
    socket.on('error', (error: NodeJS.ErrnoException) => settle(error.code === 'ECONNREFUSED'));
  });
}
