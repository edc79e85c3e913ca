import { DirectBuffer } from '../flyweight/index.ts';
import {
  encodeAuthenticationHeader,
  encodeBearerAuthentication,
  encodeSimpleAuthentication,
  lengthOfAuthenticationHeader,
  lengthOfBearerAuthentication,
  lengthOfSimpleAuthentication,
} from './encodeAuthentication.ts';
import { encodeCompositeEntryHeader, lengthOfCompositeEntry } from './encodeCompositeEntry.ts';
import { encodeMimeType, lengthOfMimeType } from './encodeMimeType.ts';
import { encodeTag, lengthOfTag } from './encodeTag.ts';
import { encodeTracing, lengthOfTracing } from './encodeTracing.ts';
import type { Tracing } from './Tracing.ts';
import { putUtf8, utf8Length } from './utf8.ts';
import {
  MESSAGE_RSOCKET_ACCEPT_MIMETYPES,
  MESSAGE_RSOCKET_AUTHENTICATION,
  MESSAGE_RSOCKET_MIMETYPE,
  MESSAGE_RSOCKET_ROUTING,
  MESSAGE_RSOCKET_TRACING_ZIPKIN,
} from './wellKnownMimeTypes.ts';

const INITIAL_CAPACITY_BYTES = 128;

/**
 * Begins composite metadata, to be filled entry by entry:
 *
 *     const metadata = compositeMetadata().route('flights.near', 'eu').bearer(token).toBytes();
 *     const seats = await rsocket.requestResponse({ metadata, data });
 *
 * The connection's metadata MIME type must say so: `metadataMimeType: MESSAGE_RSOCKET_COMPOSITE_METADATA`.
 */
export function compositeMetadata(): CompositeMetadataBuilder {
  return new CompositeMetadataBuilder();
}

/**
 * Composite metadata in the making. Entries are kept in the order of the calls, and none replaces another. A call that
 * throws has added nothing. Memory is as much as the entries need, up to doubled.
 */
export class CompositeMetadataBuilder {
  #buffer: DirectBuffer = new DirectBuffer(new ArrayBuffer(INITIAL_CAPACITY_BYTES));
  #length = 0;

  /** Of all entries so far, in bytes. */
  get length(): number {
    return this.#length;
  }

  /**
   * Where the request goes, and tags that a router may look at beside it; each at most MAX_TAG_LENGTH bytes of UTF-8.
   * @throws RSocketError ERR_FLYSOCKET_METADATA_TOO_LONG
   */
  route(route: string, ...tags: readonly string[]): this {
    let length = lengthOfTag(route);
    for (const tag of tags) length += lengthOfTag(tag);
    let at = this.#begin(MESSAGE_RSOCKET_ROUTING, length);
    at += encodeTag(this.#buffer, at, route);
    for (const tag of tags) at += encodeTag(this.#buffer, at, tag);
    return this.#end(at);
  }

  /** Credentials: a token. */
  bearer(token: string): this {
    const at = this.#begin(MESSAGE_RSOCKET_AUTHENTICATION, lengthOfBearerAuthentication(token));
    return this.#end(at + encodeBearerAuthentication(this.#buffer, at, token));
  }

  /**
   * Credentials: a name and a password, which go as they are, so over TLS.
   * @throws RSocketError ERR_FLYSOCKET_METADATA_TOO_LONG if the name takes more than MAX_USERNAME_LENGTH bytes
   */
  simple(username: string, password: string): this {
    const at = this.#begin(MESSAGE_RSOCKET_AUTHENTICATION, lengthOfSimpleAuthentication(username, password));
    return this.#end(at + encodeSimpleAuthentication(this.#buffer, at, username, password));
  }

  /**
   * Credentials of any other type.
   * @throws RSocketError ERR_FLYSOCKET_METADATA_TYPE if `type` is no id and not 1 to 128 ASCII characters
   */
  authentication(type: number | string, payload: Uint8Array | string): this {
    const length = lengthOfAuthenticationHeader(type) + lengthOfContent(payload);
    const at = this.#begin(MESSAGE_RSOCKET_AUTHENTICATION, length);
    return this.#put(at + encodeAuthenticationHeader(this.#buffer, at, type), payload);
  }

  /**
   * What the data of this stream is, where it is not what the connection says.
   * @throws RSocketError ERR_FLYSOCKET_METADATA_TYPE if it is no id and not 1 to 128 ASCII characters
   */
  mimeType(mimeType: number | string): this {
    const at = this.#begin(MESSAGE_RSOCKET_MIMETYPE, lengthOfMimeType(mimeType));
    return this.#end(at + encodeMimeType(this.#buffer, at, mimeType));
  }

  /** What the answers' data may be, best first. Throws as `mimeType`. */
  acceptMimeTypes(...mimeTypes: readonly (number | string)[]): this {
    let length = 0;
    for (const mimeType of mimeTypes) length += lengthOfMimeType(mimeType);
    let at = this.#begin(MESSAGE_RSOCKET_ACCEPT_MIMETYPES, length);
    for (const mimeType of mimeTypes) at += encodeMimeType(this.#buffer, at, mimeType);
    return this.#end(at);
  }

  /**
   * Where the request belongs in a trace.
   * @throws RSocketError ERR_FLYSOCKET_TRACE_ID if an id is missing or malformed
   */
  tracing(tracing: Tracing): this {
    const at = this.#begin(MESSAGE_RSOCKET_TRACING_ZIPKIN, lengthOfTracing(tracing));
    return this.#end(at + encodeTracing(this.#buffer, at, tracing));
  }

  /**
   * An entry of any MIME type. Bytes are copied, text goes as UTF-8.
   * @throws RSocketError ERR_FLYSOCKET_METADATA_TYPE if `mimeType` is no id and not 1 to 128 ASCII characters;
   *   ERR_FLYSOCKET_METADATA_TOO_LONG if the content takes more than MAX_ENTRY_CONTENT_LENGTH bytes
   */
  add(mimeType: number | string, content: Uint8Array | string): this {
    return this.#put(this.#begin(mimeType, lengthOfContent(content)), content);
  }

  /** Forgets all entries, and keeps the memory for others. */
  clear(): this {
    this.#length = 0;
    return this;
  }

  /** A copy that the caller owns; the builder may go on. */
  toBytes(): Uint8Array {
    return this.#buffer.copyOf(0, this.#length);
  }

  /**
   * Writes all entries into a place of `length` bytes. Allocates nothing up to 4 KiB, see `DirectBuffer.putBuffer`.
   * @returns `length`
   * @throws RSocketError ERR_FLYSOCKET_OUT_OF_BOUNDS if the place does not lie within the buffer; nothing is written
   */
  encode(buffer: DirectBuffer, offset: number): number {
    buffer.putBuffer(offset, this.#buffer, 0, this.#length);
    return this.#length;
  }

  /** Writes an entry's header where there is room for all of it, and gives the place of the content. */
  #begin(mimeType: number | string, contentLength: number): number {
    const needed = this.#length + lengthOfCompositeEntry(mimeType, contentLength);
    if (needed > this.#buffer.capacity) this.#grow(needed);
    return this.#length + encodeCompositeEntryHeader(this.#buffer, this.#length, mimeType, contentLength);
  }

  #put(index: number, content: Uint8Array | string): this {
    if (typeof content === 'string') return this.#end(index + putUtf8(this.#buffer, index, content));
    this.#buffer.putBytes(index, content);
    return this.#end(index + content.length);
  }

  /** The entry is whole, and ends there. */
  #end(index: number): this {
    this.#length = index;
    return this;
  }

  #grow(needed: number): void {
    const grown = new DirectBuffer(new ArrayBuffer(Math.max(needed, 2 * this.#buffer.capacity)));
    grown.putBuffer(0, this.#buffer, 0, this.#length);
    this.#buffer = grown;
  }
}

function lengthOfContent(content: Uint8Array | string): number {
  if (typeof content === 'string') return utf8Length(content);
  if (content instanceof Uint8Array) return content.length;
  throw new TypeError('the content of an entry is a Uint8Array or a string');
}
