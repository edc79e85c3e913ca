import { contentOf } from './contentOf.ts';
import type { Tracing } from './Tracing.ts';
import { TracingFlyweight } from './TracingFlyweight.ts';
import { MESSAGE_RSOCKET_TRACING_ZIPKIN } from './wellKnownMimeTypes.ts';

/**
 * Where composite metadata says the request belongs in a trace. Undefined if it says nothing, or there is no metadata.
 * @throws RSocketError ERR_FLYSOCKET_METADATA_MALFORMED if an entry up to that one, or an id, reaches beyond the end
 */
export function tracingOf(metadata: Uint8Array | undefined): Tracing | undefined {
  const content = contentOf(metadata, MESSAGE_RSOCKET_TRACING_ZIPKIN);
  return content && decodeTracing(content);
}

/**
 * Tracing metadata; for the content of an entry, or for all metadata of a PAYLOAD that is tracing alone.
 * @throws RSocketError ERR_FLYSOCKET_METADATA_MALFORMED if it is shorter than its flags say
 */
export function decodeTracing(content: Uint8Array): Tracing {
  const view = new TracingFlyweight().wrapBytes(content);
  return {
    sampling: view.sampling,
    traceId: view.traceIdHex(),
    spanId: view.spanIdHex(),
    parentId: view.parentIdHex(),
  };
}
