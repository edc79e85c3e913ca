/**
 * rsocket-js 0.0.27 on the transports of flysocket, as an implementation among others: over TCP, and over rings
 * between two ends that live in one thread, which a pair of ports stands for. Between threads: `rings.spec.ts`.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { MessageChannel, type Worker } from 'node:worker_threads';
import {
  RSocketShmClient,
  type RSocketShmClientOptions,
  RSocketShmServer,
  RSocketTcpClient,
  RSocketTcpServer,
} from 'flysocket/compat/rsocket-core-0';
import { countedPoolOfThisThread } from 'flysocket/shm-transport';
import { poolOfThisThread } from 'flysocket/transport';
import { generation0Over, type ServerTransport0 } from '../../interop/generation0.ts';
import { core0 } from '../../interop/generation0Api.ts';
import type { Implementation } from '../../interop/Implementation.ts';
import { until } from '../../tck/until.ts';

type Encoders = ConstructorParameters<typeof RSocketTcpClient>[1];

const HOST = '127.0.0.1';
/** Answers on these transports carry their metadata. */
const TRAITS = { answersWithoutMetadata: false };

export const bufferEncoders: Encoders = core0.BufferEncoders as Encoders;

export const overTcp: Implementation = generation0Over(
  'rsocket-js 0.0.27 on our TCP',
  {
    client: (_, port) => new RSocketTcpClient({ host: HOST, port }, bufferEncoders),
    server: () => tcpServer(bufferEncoders),
  },
  TRAITS,
);

export function overRings(options: RSocketShmClientOptions = {}): Implementation {
  const clientSides: Worker[] = [];
  const client = (_: unknown, index: number): object =>
    new RSocketShmClient({ ...options, worker: clientSides[index] }, bufferEncoders);
  const server = (): ServerTransport0 => {
    const [asked, asking] = linkedPorts();
    const transport = new RSocketShmServer({ worker: asked }, bufferEncoders);
    return { transport, started: async () => clientSides.push(asking) - 1 };
  };
  return generation0Over('rsocket-js 0.0.27 on our rings', { client, server }, TRAITS);
}

/** Two transports of ours that fit each other: a server's, and what makes clients' for it once it has been started. */
export interface Pair0 {
  readonly name: string;
  make(
    options?: { client?: object; server?: object },
    encoders?: Encoders,
  ): { server: FlowableServer0; client(): Promise<ClientConnection0> };
}

type FlowableServer0 = RSocketShmServer | RSocketTcpServer;
type ClientConnection0 = RSocketShmClient | RSocketTcpClient;

export const pairs: readonly Pair0[] = [
  {
    name: 'TCP',
    make: ({ client, server } = {}, encoders) => {
      const { transport, started } = tcpServer(encoders, server);
      return {
        server: transport,
        client: async () => new RSocketTcpClient({ host: HOST, port: await started(), ...client }, encoders),
      };
    },
  },
  {
    name: 'rings',
    make: ({ client, server } = {}, encoders) => {
      const [asked, asking] = linkedPorts();
      return {
        server: new RSocketShmServer({ worker: asked, ...server }, encoders),
        client: async () => new RSocketShmClient({ worker: asking, ...client }, encoders),
      };
    },
  },
];

/** A server of ours, and how its port is learned. */
export function tcpServer(
  encoders: Encoders,
  options: object = {},
): ServerTransport0 & { readonly transport: RSocketTcpServer } {
  const server = createServer();
  const serverFactory = (): Server => server;
  return {
    transport: new RSocketTcpServer({ host: HOST, port: 0, serverFactory, ...options }, encoders),
    started: async () => {
      if (server.address() === null) await once(server, 'listening');
      return (server.address() as { port: number }).port;
    },
  };
}

/** @throws Error unless what connections have taken from the thread's pools comes back */
export async function poolsAreQuiescent(): Promise<void> {
  const pools = [poolOfThisThread(), countedPoolOfThisThread()];
  await until(() => pools.every(({ stats }) => stats.inUse === 0), 'all memory has come back');
}

/** Two ports that stand for a worker and its parent. */
function linkedPorts(): [Worker, Worker] {
  const { port1, port2 } = new MessageChannel();
  port1.unref();
  port2.unref();
  return [port1 as unknown as Worker, port2 as unknown as Worker];
}
