/** The same service behind several entrances. Its answer is the number in the request. */
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Handler, LeaseGrant } from 'flysocket/core';
import { serveTcp } from 'flysocket/tcp-transport';
import { rivalModule } from '../rivalModule.ts';
import { HOST } from '../rps-in-92mb/host.ts';
import type { BusyService } from './BusyService.ts';

/** As many as the service does in about 6 ms. */
export const MOST_WAITING = 32;
/** How often leases are renewed that are granted by how many wait, and how long one is good for, in milliseconds. */
const RENEWAL_MS = 2;
const LEASE_MS = 50;
/** Far above what any load here has under way: what waits is what is measured. */
const NO_LIMIT = 1_000_000;
const UNAVAILABLE = 503;

/** @returns the port on which the service listens */
export type StartService = (service: BusyService, grant: LeaseGrant) => Promise<number>;

function handlerOf(service: BusyService): Handler {
  return { requestResponse: ({ data }) => new Promise((resolve) => service.work(() => resolve(data))) };
}

/** Whoever asks is put in line. */
const plain: StartService = async (service) => {
  const limits = { maxStreams: NO_LIMIT, maxRunningHandlers: NO_LIMIT };
  const { address } = await serveTcp({ port: 0, host: HOST }, handlerOf(service), limits);
  return (address as AddressInfo).port;
};

/** Leases of a fixed size: what the service can do in that time. */
const leased: StartService = async (service, grant) => {
  const { address } = await serveTcp({ port: 0, host: HOST }, handlerOf(service), { lease: { grant } });
  return (address as AddressInfo).port;
};

/** Leases for as many as there is room for in line, again and again. */
const leasedByRoom: StartService = async (service) => {
  const { address, peers } = await serveTcp({ port: 0, host: HOST }, handlerOf(service), { lease: {} });
  setInterval(() => {
    const room = Math.max(0, MOST_WAITING - service.waiting);
    for (const peer of peers) peer.grantLease({ requests: Math.floor(room / peers.size), ttlMs: LEASE_MS });
  }, RENEWAL_MS);
  return (address as AddressInfo).port;
};

interface FastifyReply {
  code(status: number): FastifyReply;
  send(body: object): FastifyReply;
}

interface FastifyServer {
  readonly server: HttpServer;
  post(path: string, handler: (request: { body: object }, reply: FastifyReply) => Promise<object>): void;
  listen(options: { port: number; host: string }): Promise<string>;
}

/** @param mostWaiting above it the answer is 503 */
function http(mostWaiting: number): StartService {
  return async (service) => {
    const fastify = rivalModule<(options: object) => FastifyServer>('fastify')({ logger: false });
    fastify.post('/work', async ({ body }, reply) => {
      if (service.waiting >= mostWaiting) return reply.code(UNAVAILABLE).send({});
      await new Promise<void>((resolve) => service.work(resolve));
      return body;
    });
    await fastify.listen({ port: 0, host: HOST });
    return (fastify.server.address() as AddressInfo).port;
  };
}

export const services: Readonly<Record<string, StartService>> = {
  plain,
  leased,
  'leased-by-room': leasedByRoom,
  http: http(Number.POSITIVE_INFINITY),
  'http-refusing': http(MOST_WAITING),
};
