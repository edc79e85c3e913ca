/** The services over HTTP/1.1 and JSON, as most do it: fastify serves, undici asks. */
import { importRival } from '../../loadRival.ts';
import type { AirlineServices, ServiceName } from '../airline/AirlineServices.ts';
import { ServiceError } from '../airline/ServiceError.ts';
import { callsOf, OPERATIONS, remoteService } from './operations.ts';

const HOST = '127.0.0.1';
const BEARER = 'Bearer ';
const OK = 200;
const INTERNAL_ERROR = 500;
/**
 * Connections from one process to one service, kept alive. Each carries one request at a time: pipelining is off in
 * undici unless asked for, and left so. undici opens as many as there are requests at a time, if it isn't told how
 * many; with 64 HTTP takes a tenth to a third less processor time at 300 users than without a bound, or with 16
 * (measured).
 */
export const CONNECTIONS = 64;

interface FastifyRequest {
  readonly body: object;
  readonly query: object;
  readonly headers: { readonly authorization?: string };
}

interface FastifyReply {
  code(status: number): FastifyReply;
  send(body: object): void;
}

interface FastifyServer {
  route(options: { method: string; url: string; handler: (request: FastifyRequest) => Promise<unknown> }): void;
  setErrorHandler(handler: (error: Error, request: FastifyRequest, reply: FastifyReply) => void): void;
  listen(options: { port: number; host: string }): Promise<string>;
  close(): Promise<void>;
}

export interface HttpServer {
  /** Its origin, such as http://127.0.0.1:40123. */
  readonly address: string;
  close(): Promise<void>;
}

export async function serveHttp<Name extends ServiceName>(
  name: Name,
  service: AirlineServices[Name],
): Promise<HttpServer> {
  const fastify = await importRival<(options: object) => FastifyServer>('fastify');
  const server = fastify({ logger: false });
  for (const [operation, call] of callsOf(name, service)) {
    const method = (OPERATIONS[name] as Record<string, string>)[operation] as string;
    const handler = (request: FastifyRequest): Promise<unknown> => {
      const token = request.headers.authorization?.slice(BEARER.length) ?? '';
      return call(method === 'GET' ? request.query : request.body, token);
    };
    server.route({ method, url: `/${operation}`, handler });
  }
  server.setErrorHandler((error, _, reply) => {
    reply.code(error instanceof ServiceError ? error.status : INTERNAL_ERROR).send({ message: error.message });
  });
  return { address: await server.listen({ port: 0, host: HOST }), close: () => server.close() };
}

interface UndiciPool {
  request(options: object): Promise<{ statusCode: number; body: { json(): Promise<unknown> } }>;
  destroy(): Promise<void>;
}

export interface HttpClient<Name extends ServiceName> {
  readonly service: AirlineServices[Name];
  close(): Promise<void>;
}

export async function connectHttp<Name extends ServiceName>(name: Name, origin: string): Promise<HttpClient<Name>> {
  const { Pool } = await importRival<{ Pool: new (origin: string, options: object) => UndiciPool }>('undici');
  const pool = new Pool(origin, { connections: CONNECTIONS });
  const service = remoteService(name, (operation, method) => async (request, token) => {
    const authorization = BEARER + token;
    const { statusCode, body } = await pool.request(
      method === 'GET'
        ? {
            method,
            path: `/${operation}?${new URLSearchParams(request as Record<string, string>)}`,
            headers: { authorization },
          }
        : {
            method,
            path: `/${operation}`,
            headers: { authorization, 'content-type': 'application/json' },
            body: JSON.stringify(request),
          },
    );
    const answer = await body.json();
    if (statusCode !== OK) throw new ServiceError(statusCode, (answer as { message: string }).message);
    return answer;
  });
  return { service, close: () => pool.destroy() };
}
