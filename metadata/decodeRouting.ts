import { RoutingFlyweight } from './RoutingFlyweight.ts';

/**
 * The tags of routing metadata, the route first; for the content of an entry, or for all metadata of a connection whose
 * metadata is routing alone.
 * @throws RSocketError ERR_FLYSOCKET_METADATA_MALFORMED if a tag reaches beyond the end
 */
export function decodeRouting(content: Uint8Array): string[] {
  const routing = new RoutingFlyweight().wrapBytes(content);
  const tags: string[] = [];
  while (routing.next()) tags.push(routing.tagUtf8());
  return tags;
}
