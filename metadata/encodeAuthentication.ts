import type { DirectBuffer } from '../flyweight/index.ts';
import { AuthenticationType } from './AuthenticationType.ts';
import { encodeTypeName, lengthOfTypeName } from './encodeTypeName.ts';
import { metadataTooLong } from './metadataTooLong.ts';
import { putUtf8, utf8Length } from './utf8.ts';

/** Longest username of simple authentication, in bytes of UTF-8. */
export const MAX_USERNAME_LENGTH = 65_535;
const USERNAME_LENGTH_SIZE = 2;

/**
 * Bytes of authentication metadata before its payload. See `AuthenticationFlyweight`.
 * @param type 'simple', 'bearer', an id from 0 to 127, or a name of 1 to 128 ASCII characters
 * @throws RSocketError ERR_FLYSOCKET_METADATA_TYPE for any other
 */
export function lengthOfAuthenticationHeader(type: number | string): number {
  return lengthOfTypeName(type, idOf(type));
}

/**
 * Writes what stands before the payload; the payload goes right behind it, to the end. Allocates nothing.
 * @returns the number of bytes written: where, from `offset`, the payload goes
 * @throws RSocketError as `lengthOfAuthenticationHeader`, and nothing is written
 */
export function encodeAuthenticationHeader(buffer: DirectBuffer, offset: number, type: number | string): number {
  return encodeTypeName(buffer, offset, type, idOf(type));
}

/**
 * Bytes of authentication metadata with a name and a password.
 * @throws RSocketError ERR_FLYSOCKET_METADATA_TOO_LONG if the name takes more than MAX_USERNAME_LENGTH bytes
 */
export function lengthOfSimpleAuthentication(username: string, password: string): number {
  return 1 + USERNAME_LENGTH_SIZE + lengthOfUsername(username) + utf8Length(password);
}

/**
 * Writes a name and a password into a place of `lengthOfSimpleAuthentication` bytes. Allocates nothing.
 * @returns the number of bytes written
 * @throws RSocketError as `lengthOfSimpleAuthentication`, and nothing is written
 */
export function encodeSimpleAuthentication(
  buffer: DirectBuffer,
  offset: number,
  username: string,
  password: string,
): number {
  const usernameLength = lengthOfUsername(username);
  let at = offset + encodeAuthenticationHeader(buffer, offset, AuthenticationType.SIMPLE);
  buffer.putUint16(at, usernameLength);
  at += USERNAME_LENGTH_SIZE;
  at += putUtf8(buffer, at, username);
  return at + putUtf8(buffer, at, password) - offset;
}

/** Bytes of authentication metadata with a token. */
export function lengthOfBearerAuthentication(token: string): number {
  return 1 + utf8Length(token);
}

/**
 * Writes a token into a place of `lengthOfBearerAuthentication` bytes. Allocates nothing.
 * @returns the number of bytes written
 */
export function encodeBearerAuthentication(buffer: DirectBuffer, offset: number, token: string): number {
  const start = encodeAuthenticationHeader(buffer, offset, AuthenticationType.BEARER);
  return start + putUtf8(buffer, offset + start, token);
}

function lengthOfUsername(username: string): number {
  const length = utf8Length(username);
  if (length > MAX_USERNAME_LENGTH) throw metadataTooLong('username', length, MAX_USERNAME_LENGTH);
  return length;
}

function idOf(type: number | string): number {
  if (typeof type === 'number') return type;
  return type === 'simple' ? AuthenticationType.SIMPLE : type === 'bearer' ? AuthenticationType.BEARER : -1;
}
