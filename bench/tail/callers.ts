/** Who asks the service: each request carries its number, which is the answer. */
import { connectTcp } from 'flysocket/tcp-transport';
import { type LoadRequest, REFUSED } from '../harness/load/LoadResult.ts';
import { rivalModule } from '../rivalModule.ts';
import { HOST } from '../rps-in-92mb/host.ts';

export interface Caller {
  readonly request: LoadRequest;
  close(): void | Promise<void>;
}

export type OpenCaller = (port: number) => Promise<Caller>;

const NO_LIMIT = 1_000_000;
const NO_LEASE = 'ERR_FLYSOCKET_NO_LEASE';

function check(sequence: number, answer: number): void {
  if (answer !== sequence) throw new Error(`wrong answer to request ${sequence}: ${answer}`);
}

/** @param maxPendingRequests that wait for a lease; undefined: no leases are asked for */
export function callFlysocket(maxPendingRequests: number | undefined): OpenCaller {
  return async (port) => {
    const lease = maxPendingRequests === undefined ? {} : { lease: { maxPendingRequests } };
    const peer = await connectTcp({ port, host: HOST }, { ...lease, maxStreams: NO_LIMIT });
    const request = async (sequence: number): Promise<unknown> => {
      try {
        check(sequence, Number((await peer.requestResponse(String(sequence))).dataUtf8()));
        return undefined;
      } catch (error) {
        if ((error as { code?: string }).code === NO_LEASE) return REFUSED;
        throw error;
      }
    };
    return { request, close: () => peer.destroy() };
  };
}

interface UndiciPool {
  request(options: object): Promise<{ statusCode: number; body: { json(): Promise<unknown> } }>;
  destroy(): Promise<void>;
}

/** Enough for the server to have a line of its own; above that callers wait in their own process. */
const CONNECTIONS = 256;
const UNAVAILABLE = 503;
const headers = { 'content-type': 'application/json' };

/** By undici, without a limit of time. */
export const callHttp: OpenCaller = async (port) => {
  const { Pool } = rivalModule<{ Pool: new (origin: string, options: object) => UndiciPool }>('undici');
  const forever = { headersTimeout: 0, bodyTimeout: 0 };
  const pool = new Pool(`http://${HOST}:${port}`, { connections: CONNECTIONS, ...forever });
  const request = async (sequence: number): Promise<unknown> => {
    const options = { method: 'POST', path: '/work', headers, body: JSON.stringify({ sequence }) };
    const { statusCode, body } = await pool.request(options);
    const answer = (await body.json()) as { sequence: number };
    if (statusCode === UNAVAILABLE) return REFUSED;
    check(sequence, answer.sequence);
    return undefined;
  };
  return { request, close: () => pool.destroy() };
};
