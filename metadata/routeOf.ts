import { contentOf } from './contentOf.ts';
import { RoutingFlyweight } from './RoutingFlyweight.ts';
import { MESSAGE_RSOCKET_ROUTING } from './wellKnownMimeTypes.ts';

/**
 * The route in composite metadata: the first tag of its first routing entry. Undefined if there is none, or no
 * metadata.
 *
 *     const route = routeOf(payload.metadata);
 *
 * @throws RSocketError ERR_FLYSOCKET_METADATA_MALFORMED if an entry up to that one, or the tag, reaches beyond the end
 */
export function routeOf(metadata: Uint8Array | undefined): string | undefined {
  const content = contentOf(metadata, MESSAGE_RSOCKET_ROUTING);
  return content && new RoutingFlyweight().wrapBytes(content).routeUtf8();
}
