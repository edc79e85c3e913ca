/**
 * The MIME types that have a number of their own on the wire, by their names (spec: "Well-known MIME Types"). A name
 * goes wherever a MIME type is asked for; where metadata has room for the number, that is what is sent. `idOfMimeType`
 * and `mimeTypeOfId` lead from one to the other.
 */

/** Id 0x00. */
export const APPLICATION_AVRO = 'application/avro';
/** Id 0x01. */
export const APPLICATION_CBOR = 'application/cbor';
/** Id 0x02. */
export const APPLICATION_GRAPHQL = 'application/graphql';
/** Id 0x03. */
export const APPLICATION_GZIP = 'application/gzip';
/** Id 0x04. */
export const APPLICATION_JAVASCRIPT = 'application/javascript';
/** Id 0x05. */
export const APPLICATION_JSON = 'application/json';
/** Id 0x06. */
export const APPLICATION_OCTET_STREAM = 'application/octet-stream';
/** Id 0x07. */
export const APPLICATION_PDF = 'application/pdf';
/** Id 0x08. */
export const APPLICATION_APACHE_THRIFT_BINARY = 'application/vnd.apache.thrift.binary';
/** Id 0x09. */
export const APPLICATION_PROTOBUF = 'application/vnd.google.protobuf';
/** Id 0x0a. */
export const APPLICATION_XML = 'application/xml';
/** Id 0x0b. */
export const APPLICATION_ZIP = 'application/zip';
/** Id 0x0c. */
export const AUDIO_AAC = 'audio/aac';
/** Id 0x0d. */
export const AUDIO_MP3 = 'audio/mp3';
/** Id 0x0e. */
export const AUDIO_MP4 = 'audio/mp4';
/** Id 0x0f. */
export const AUDIO_MPEG3 = 'audio/mpeg3';
/** Id 0x10. */
export const AUDIO_MPEG = 'audio/mpeg';
/** Id 0x11. */
export const AUDIO_OGG = 'audio/ogg';
/** Id 0x12. */
export const AUDIO_OPUS = 'audio/opus';
/** Id 0x13. */
export const AUDIO_VORBIS = 'audio/vorbis';
/** Id 0x14. */
export const IMAGE_BMP = 'image/bmp';
/** Id 0x15. */
export const IMAGE_GIF = 'image/gif';
/** Id 0x16. */
export const IMAGE_HEIC_SEQUENCE = 'image/heic-sequence';
/** Id 0x17. */
export const IMAGE_HEIC = 'image/heic';
/** Id 0x18. */
export const IMAGE_HEIF_SEQUENCE = 'image/heif-sequence';
/** Id 0x19. */
export const IMAGE_HEIF = 'image/heif';
/** Id 0x1a. */
export const IMAGE_JPEG = 'image/jpeg';
/** Id 0x1b. */
export const IMAGE_PNG = 'image/png';
/** Id 0x1c. */
export const IMAGE_TIFF = 'image/tiff';
/** Id 0x1d. */
export const MULTIPART_MIXED = 'multipart/mixed';
/** Id 0x1e. */
export const TEXT_CSS = 'text/css';
/** Id 0x1f. */
export const TEXT_CSV = 'text/csv';
/** Id 0x20. */
export const TEXT_HTML = 'text/html';
/** Id 0x21. */
export const TEXT_PLAIN = 'text/plain';
/** Id 0x22. */
export const TEXT_XML = 'text/xml';
/** Id 0x23. */
export const VIDEO_H264 = 'video/H264';
/** Id 0x24. */
export const VIDEO_H265 = 'video/H265';
/** Id 0x25. */
export const VIDEO_VP8 = 'video/VP8';
/** Id 0x26. */
export const APPLICATION_HESSIAN = 'application/x-hessian';
/** Id 0x27. */
export const APPLICATION_JAVA_OBJECT = 'application/x-java-object';
/** Id 0x28. */
export const APPLICATION_CLOUDEVENTS_JSON = 'application/cloudevents+json';
/** Id 0x29. */
export const APPLICATION_CAPNP = 'application/x-capnp';
/** Id 0x2a. */
export const APPLICATION_FLATBUFFERS = 'application/x-flatbuffers';
/** Id 0x7a. */
export const MESSAGE_RSOCKET_MIMETYPE = 'message/x.rsocket.mime-type.v0';
/** Id 0x7b. */
export const MESSAGE_RSOCKET_ACCEPT_MIMETYPES = 'message/x.rsocket.accept-mime-types.v0';
/** Id 0x7c. */
export const MESSAGE_RSOCKET_AUTHENTICATION = 'message/x.rsocket.authentication.v0';
/** Id 0x7d. */
export const MESSAGE_RSOCKET_TRACING_ZIPKIN = 'message/x.rsocket.tracing-zipkin.v0';
/** Id 0x7e. */
export const MESSAGE_RSOCKET_ROUTING = 'message/x.rsocket.routing.v0';
/** Id 0x7f. */
export const MESSAGE_RSOCKET_COMPOSITE_METADATA = 'message/x.rsocket.composite-metadata.v0';
