/** A server of npm rsocket that answers each request with its data. Posts the port it listens to, 0 for none. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { ShmServerTransport } from 'flysocket/compat/rsocket-core';
import { type Encoders, RSocketShmServer } from 'flysocket/compat/rsocket-core-0';
import { jobsByMessage } from '../harness/threads/jobsByMessage.ts';
import { type AlphaLibrary, alphaLibrary, type ZeroLibrary, zeroLibrary } from '../network/rivalLibraries.ts';
import { bindAlpha, freePort, listening, startZero } from '../network/servers.ts';

export type LibraryServer = 'alpha-tcp' | 'alpha-shm' | 'zero-tcp' | 'zero-shm';

const HOST = '127.0.0.1';
const alpha = alphaLibrary() as AlphaLibrary;
const zero = zeroLibrary() as ZeroLibrary;
const { server, jobs } = workerData as { server: LibraryServer; jobs: SharedArrayBuffer };
const parent = parentPort as MessagePort;

const start: Readonly<Record<LibraryServer, () => Promise<number>>> = {
  'alpha-tcp': async () => {
    const port = await freePort();
    await bindAlpha(alpha, new alpha.tcpServer.TcpServerTransport({ listenOptions: { port, host: HOST } }));
    return port;
  },
  'alpha-shm': async () => {
    await bindAlpha(alpha, new ShmServerTransport());
    return 0;
  },
  'zero-tcp': async () => {
    const port = await freePort();
    startZero(zero, new zero.servers.tcp.default({ port, host: HOST }, zero.core.BufferEncoders));
    await listening(port);
    return port;
  },
  'zero-shm': async () => {
    startZero(zero, new RSocketShmServer({}, zero.core.BufferEncoders as Encoders));
    return 0;
  },
};

const port = await start[server]();
jobsByMessage(parent, jobs, () => process.exit());
parent.postMessage(port);
