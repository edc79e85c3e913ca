/**
 * The services over RSocket, whatever carries it: each operation a route, the token a bearer credential, both in
 * composite metadata as the protocol's extensions define them. On the high level: a promise for each request.
 */
import { type Handler, type RSocket, RSocketError } from 'flysocket';
import {
  authenticationOf,
  type CompositeMetadataBuilder,
  compositeMetadata,
  MESSAGE_RSOCKET_COMPOSITE_METADATA,
  routeOf,
} from 'flysocket/metadata';
import type { AirlineServices, ServiceName } from '../airline/AirlineServices.ts';
import { NOT_FOUND, ServiceError } from '../airline/ServiceError.ts';
import type { Codec } from './codecs.ts';
import { callsOf, remoteService } from './operations.ts';

/** A service's refusal with status 403 is ERROR[0x1000 + 403]: the codes from 0x301 on are the application's. */
const STATUS_BASE = 0x1000;
const STATUS_END = STATUS_BASE + 1_000;

/** What the client says in its SETUP. */
export function setupOf(codec: Codec): { dataMimeType: string; metadataMimeType: string } {
  return { dataMimeType: codec.mimeType, metadataMimeType: MESSAGE_RSOCKET_COMPOSITE_METADATA };
}

export function handlerOf<Name extends ServiceName>(name: Name, service: AirlineServices[Name], codec: Codec): Handler {
  const calls = callsOf(name, service);
  return {
    async requestResponse(payload) {
      const metadata = payload.metadata;
      const route = routeOf(metadata) ?? '';
      const call = calls.get(route);
      if (call === undefined) throw new RSocketError('NO_ROUTE', `no route "${route}"`, STATUS_BASE + NOT_FOUND);
      const credentials = authenticationOf(metadata);
      const token = credentials?.type === 'bearer' ? credentials.token : '';
      try {
        return { data: codec.encode(await call(codec.decode(payload) as object, token)) };
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        throw new RSocketError('REFUSED', error.message, STATUS_BASE + error.status);
      }
    },
  };
}

/** Written anew for each request, into the same memory. */
const metadataBuilder: CompositeMetadataBuilder = compositeMetadata();

export function serviceOf<Name extends ServiceName>(name: Name, peer: RSocket, codec: Codec): AirlineServices[Name] {
  return remoteService(name, (operation) => async (request, token) => {
    const metadata = metadataBuilder.clear().route(operation).bearer(token).toBytes();
    try {
      return codec.decode(await peer.requestResponse({ metadata, data: codec.encode(request) }));
    } catch (error) {
      throw refusalIn(error) ?? error;
    }
  });
}

function refusalIn(error: unknown): ServiceError | undefined {
  if (!(error instanceof RSocketError) || error.errorCode === undefined) return undefined;
  const { errorCode, message } = error;
  return errorCode >= STATUS_BASE && errorCode < STATUS_END
    ? new ServiceError(errorCode - STATUS_BASE, message)
    : undefined;
}
