/** Services that are reached at an address: HTTP or RSocket over TCP. */
import { connect, serve } from 'flysocket';
import type { AirlineServices, ServiceName } from '../airline/AirlineServices.ts';
import type { WaySpec } from '../ways/Way.ts';
import { loadCodec } from './codecs.ts';
import { connectHttp, serveHttp } from './http.ts';
import { handlerOf, serviceOf, setupOf } from './rsocket.ts';

export type NetworkWay = Pick<WaySpec, 'wire' | 'codec'>;

export interface ServedService {
  readonly address: string;
  close(): Promise<void>;
}

export async function serveService<Name extends ServiceName>(
  name: Name,
  service: AirlineServices[Name],
  way: NetworkWay,
): Promise<ServedService> {
  if (way.wire === 'http') return serveHttp(name, service);
  const codec = await loadCodec(way.codec);
  const server = await serve('tcp://127.0.0.1:0', handlerOf(name, service, codec));
  return { address: server.url, close: () => server.close() };
}

export interface ServiceClient<Name extends ServiceName> {
  readonly service: AirlineServices[Name];
  close(): Promise<void>;
}

export async function connectService<Name extends ServiceName>(
  name: Name,
  address: string,
  way: NetworkWay,
): Promise<ServiceClient<Name>> {
  if (way.wire === 'http') return connectHttp(name, address);
  const codec = await loadCodec(way.codec);
  const peer = await connect(address, { setup: setupOf(codec) });
  return { service: serviceOf(name, peer, codec), close: () => peer.close() };
}
