import { AuthenticationFlyweight } from './AuthenticationFlyweight.ts';
import { contentOf } from './contentOf.ts';
import { MESSAGE_RSOCKET_AUTHENTICATION } from './wellKnownMimeTypes.ts';

/** Credentials, by their type. */
export type Authentication =
  | { readonly type: 'simple'; readonly username: string; readonly password: string }
  | { readonly type: 'bearer'; readonly token: string }
  | {
      readonly type: 'other';
      /** Undefined for an id that has no name. */
      readonly name: string | undefined;
      /** 0 to 127, or -1 if the type is there by its name. */
      readonly id: number;
      /** The very bytes, not a copy. */
      readonly payload: Uint8Array;
    };

/**
 * The credentials in composite metadata, of its first authentication entry. Undefined if there is none, or no metadata.
 * @throws RSocketError ERR_FLYSOCKET_METADATA_MALFORMED if an entry up to that one, or a part of it, reaches beyond the
 *   end
 */
export function authenticationOf(metadata: Uint8Array | undefined): Authentication | undefined {
  const content = contentOf(metadata, MESSAGE_RSOCKET_AUTHENTICATION);
  return content && decodeAuthentication(content);
}

/**
 * Authentication metadata; for the content of an entry.
 * @throws RSocketError ERR_FLYSOCKET_METADATA_MALFORMED if the type or the username reaches beyond the end
 */
export function decodeAuthentication(content: Uint8Array): Authentication {
  const view = new AuthenticationFlyweight().wrapBytes(content);
  if (view.isSimple) return { type: 'simple', username: view.usernameUtf8(), password: view.passwordUtf8() };
  if (view.isBearer) return { type: 'bearer', token: view.payloadUtf8() };
  const payload = content.subarray(view.payloadOffset, view.payloadOffset + view.payloadLength);
  return { type: 'other', name: view.typeUtf8(), id: view.typeId, payload };
}
