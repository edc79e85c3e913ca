import { AuthenticationType } from './AuthenticationType.ts';
import { MetadataRegion } from './MetadataRegion.ts';
import { malformedMetadata } from './malformedMetadata.ts';
import { utf8Equals, utf8Text } from './utf8.ts';

const WELL_KNOWN = 0x80;
const USERNAME_LENGTH_SIZE = 2;
/** The `typeId` of a type that is there by its name. */
export const NO_AUTHENTICATION_TYPE_ID: -1 = -1;

/**
 * View over authentication metadata: credentials, and of which type they are (spec: "Authentication Extension", "Simple
 * Authentication Type", "Bearer Authentication Type", version 0). Big-endian. Owns no bytes; allocates only where a
 * name ends in `Utf8`.
 *
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +-+-------------+-----------------------------------------------+
 *     |A| id or len-1 |  name of the type, 1 to 128 bytes, unless A  ...
 *     +-+-------------+-----------------------------------------------+
 *     |  payload, up to the end                                      ...
 *     +---------------------------------------------------------------+
 *
 *   simple    +-------------------------------+-----------------------+--------------------------+
 *   (id 0)    |        Username length        |  username, UTF-8  ... |  password, to the end ...
 *             +-------------------------------+-----------------------+--------------------------+
 *   bearer    +--------------------------------------------------------------------------------------+
 *   (id 1)    |  token, up to the end                                                             ...
 *             +--------------------------------------------------------------------------------------+
 *
 *   example   80        00 02     6d 65     73 33 63
 *             A, simple 2 bytes   "me"      "s3c"
 *
 * `wrap` reads everything, and throws ERR_FLYSOCKET_METADATA_MALFORMED if the type or the username reaches beyond the
 * end. There is no comparing of credentials here: that belongs where it can be made to take the same time each time.
 */
export class AuthenticationFlyweight extends MetadataRegion {
  /** 0 to 127, or `NO_AUTHENTICATION_TYPE_ID` if the type is there by its name. */
  typeId: number = NO_AUTHENTICATION_TYPE_ID;
  /** Where the type's name starts in `bytes`, if it is there by its name. */
  typeOffset = 0;
  /** In bytes: 1 to 128, or 0 if the type is there by its number. */
  typeLength = 0;
  /** Where the payload starts in `bytes`: for bearer, the token. */
  payloadOffset = 0;
  /** In bytes. */
  payloadLength = 0;
  isSimple = false;
  isBearer = false;
  /** Where the username starts in `bytes`; of meaning if `isSimple`. */
  usernameOffset = 0;
  /** In bytes, 0 to 65,535. */
  usernameLength = 0;
  /** Where the password starts in `bytes`; of meaning if `isSimple`. */
  passwordOffset = 0;
  /** In bytes. */
  passwordLength = 0;

  /** The type's name, or undefined for a number that has none. Allocates if the type is there by its name. */
  typeUtf8(): string | undefined {
    if (this.typeLength > 0) return utf8Text(this.bytes, this.typeOffset, this.typeLength);
    return this.isSimple ? 'simple' : this.isBearer ? 'bearer' : undefined;
  }

  /** Allocates. Empty if not `isSimple`. */
  usernameUtf8(): string {
    return utf8Text(this.bytes, this.usernameOffset, this.usernameLength);
  }

  /** Allocates. Empty if not `isSimple`. */
  passwordUtf8(): string {
    return utf8Text(this.bytes, this.passwordOffset, this.passwordLength);
  }

  /** The payload as text: for bearer, the token. Allocates. */
  payloadUtf8(): string {
    return utf8Text(this.bytes, this.payloadOffset, this.payloadLength);
  }

  protected override begin(): void {
    this.#clear();
    if (this.length === 0) throw malformedMetadata('authentication', 'the type', 1, 0);
    const start = this.offset + 1;
    const end = this.offset + this.length;
    const head = this.bytes[this.offset] as number;
    const typeLength = head >= WELL_KNOWN ? 0 : head + 1;
    if (start + typeLength > end) throw malformedMetadata('authentication', 'the type', 1 + typeLength, this.length);
    this.typeId = head >= WELL_KNOWN ? head ^ WELL_KNOWN : NO_AUTHENTICATION_TYPE_ID;
    this.typeOffset = start;
    this.typeLength = typeLength;
    this.payloadOffset = start + typeLength;
    this.payloadLength = end - this.payloadOffset;
    this.isBearer = this.#is(AuthenticationType.BEARER, 'bearer');
    if (this.#is(AuthenticationType.SIMPLE, 'simple')) this.#readSimple(end);
  }

  #readSimple(end: number): void {
    const start = this.payloadOffset + USERNAME_LENGTH_SIZE;
    if (start > end) throw this.#cutOff('the username length', USERNAME_LENGTH_SIZE, this.payloadLength);
    const length = ((this.bytes[this.payloadOffset] as number) << 8) | (this.bytes[this.payloadOffset + 1] as number);
    if (start + length > end) throw this.#cutOff('the username', length, end - start);
    this.isSimple = true;
    this.usernameOffset = start;
    this.usernameLength = length;
    this.passwordOffset = start + length;
    this.passwordLength = end - this.passwordOffset;
  }

  #is(id: number, name: string): boolean {
    if (this.typeLength === 0) return this.typeId === id;
    return utf8Equals(this.bytes, this.typeOffset, this.typeLength, name);
  }

  #cutOff(part: string, needed: number, left: number): Error {
    this.#clear();
    return malformedMetadata('authentication', part, needed, left);
  }

  #clear(): void {
    const { offset } = this;
    this.typeId = NO_AUTHENTICATION_TYPE_ID;
    this.typeOffset = this.payloadOffset = this.usernameOffset = this.passwordOffset = offset;
    this.typeLength = this.payloadLength = this.usernameLength = this.passwordLength = 0;
    this.isSimple = this.isBearer = false;
  }
}
