import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rivalModule } from '../../rivalModule.ts';
import { HOST } from '../host.ts';
import type { JsonAnswer, JsonRequest } from '../jsonEcho.ts';
import type { StartEcho } from './StartEcho.ts';

interface FastifyServer {
  readonly server: Server;
  post(path: string, options: object, handler: (request: { body: JsonRequest }) => Promise<JsonAnswer>): void;
  listen(options: { port: number; host: string }): Promise<string>;
}

/** It is told what the answer looks like, so that it writes JSON as fast as it can. */
const ANSWER_SCHEMA = { type: 'object', properties: { data: { type: 'string' } } };

export const fastify: StartEcho = async () => {
  const server = rivalModule<(options: object) => FastifyServer>('fastify')({ logger: false });
  server.post('/echo', { schema: { response: { 200: ANSWER_SCHEMA } } }, async ({ body }) => ({ data: body.data }));
  await server.listen({ port: 0, host: HOST });
  return (server.server.address() as AddressInfo).port;
};

interface ExpressApp {
  use(middleware: unknown): void;
  disable(setting: string): void;
  post(path: string, handler: (request: { body: JsonRequest }, response: ExpressResponse) => void): void;
  listen(port: number, host: string, listening: () => void): Server;
}

interface ExpressResponse {
  json(body: JsonAnswer): void;
}

interface ExpressModule {
  (): ExpressApp;
  json(): unknown;
}

export const express: StartEcho = () => {
  const module = rivalModule<ExpressModule>('express');
  const app = module();
  // Hashing each answer is of no use to a POST.
  app.disable('etag');
  app.use(module.json());
  app.post('/echo', ({ body }, response) => response.json({ data: body.data }));
  return new Promise((resolve) => {
    const server = app.listen(0, HOST, () => resolve((server.address() as AddressInfo).port));
  });
};
