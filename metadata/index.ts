/**
 * What metadata may say: composite metadata, routes, credentials, MIME types of a stream, traces. Flyweights read it in
 * place, `encode...` writes it in place; `compositeMetadata()` and `...Of(metadata)` are the comfortable way.
 */
export { AuthenticationFlyweight, NO_AUTHENTICATION_TYPE_ID } from './AuthenticationFlyweight.ts';
export { AuthenticationType } from './AuthenticationType.ts';
export { type Authentication, authenticationOf, decodeAuthentication } from './authenticationOf.ts';
export { CompositeMetadataBuilder, compositeMetadata } from './CompositeMetadataBuilder.ts';
export { CompositeMetadataFlyweight } from './CompositeMetadataFlyweight.ts';
export { contentOf } from './contentOf.ts';
export { acceptMimeTypesOf, dataMimeTypeOf } from './dataMimeTypes.ts';
export { type CompositeMetadataEntry, decodeCompositeMetadata } from './decodeCompositeMetadata.ts';
export { decodeRouting } from './decodeRouting.ts';
export {
  encodeAuthenticationHeader,
  encodeBearerAuthentication,
  encodeSimpleAuthentication,
  lengthOfAuthenticationHeader,
  lengthOfBearerAuthentication,
  lengthOfSimpleAuthentication,
  MAX_USERNAME_LENGTH,
} from './encodeAuthentication.ts';
export {
  encodeCompositeEntryHeader,
  lengthOfCompositeEntry,
  MAX_ENTRY_CONTENT_LENGTH,
} from './encodeCompositeEntry.ts';
export { encodeMimeType, lengthOfMimeType } from './encodeMimeType.ts';
export { encodeTag, lengthOfTag, MAX_TAG_LENGTH } from './encodeTag.ts';
export { encodeTracing, lengthOfTracing } from './encodeTracing.ts';
export { MAX_TYPE_NAME_LENGTH } from './encodeTypeName.ts';
export { MetadataRegion } from './MetadataRegion.ts';
export { MimeTypeCursor } from './MimeTypeCursor.ts';
export { MimeTypesFlyweight } from './MimeTypesFlyweight.ts';
export { idOfMimeType, mimeTypeOfId, NO_MIME_TYPE_ID } from './mimeTypeIds.ts';
export { NO_ROUTE, RoutingFlyweight } from './RoutingFlyweight.ts';
export { routeOf } from './routeOf.ts';
export type { Sampling, Tracing } from './Tracing.ts';
export { TracingFlag } from './TracingFlag.ts';
export { TracingFlyweight } from './TracingFlyweight.ts';
export { decodeTracing, tracingOf } from './tracingOf.ts';
export {
  APPLICATION_APACHE_THRIFT_BINARY,
  APPLICATION_AVRO,
  APPLICATION_CAPNP,
  APPLICATION_CBOR,
  APPLICATION_CLOUDEVENTS_JSON,
  APPLICATION_FLATBUFFERS,
  APPLICATION_GRAPHQL,
  APPLICATION_GZIP,
  APPLICATION_HESSIAN,
  APPLICATION_JAVA_OBJECT,
  APPLICATION_JAVASCRIPT,
  APPLICATION_JSON,
  APPLICATION_OCTET_STREAM,
  APPLICATION_PDF,
  APPLICATION_PROTOBUF,
  APPLICATION_XML,
  APPLICATION_ZIP,
  AUDIO_AAC,
  AUDIO_MP3,
  AUDIO_MP4,
  AUDIO_MPEG,
  AUDIO_MPEG3,
  AUDIO_OGG,
  AUDIO_OPUS,
  AUDIO_VORBIS,
  IMAGE_BMP,
  IMAGE_GIF,
  IMAGE_HEIC,
  IMAGE_HEIC_SEQUENCE,
  IMAGE_HEIF,
  IMAGE_HEIF_SEQUENCE,
  IMAGE_JPEG,
  IMAGE_PNG,
  IMAGE_TIFF,
  MESSAGE_RSOCKET_ACCEPT_MIMETYPES,
  MESSAGE_RSOCKET_AUTHENTICATION,
  MESSAGE_RSOCKET_COMPOSITE_METADATA,
  MESSAGE_RSOCKET_MIMETYPE,
  MESSAGE_RSOCKET_ROUTING,
  MESSAGE_RSOCKET_TRACING_ZIPKIN,
  MULTIPART_MIXED,
  TEXT_CSS,
  TEXT_CSV,
  TEXT_HTML,
  TEXT_PLAIN,
  TEXT_XML,
  VIDEO_H264,
  VIDEO_H265,
  VIDEO_VP8,
} from './wellKnownMimeTypes.ts';
