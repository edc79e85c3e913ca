import { readFileSync } from 'node:fs';
import type { CompositeMetadataBuilder, Tracing } from 'flysocket/metadata';

/** One golden piece of composite metadata, as spec/vectors/metadata.json has it. */
export interface MetadataVector {
  readonly name: string;
  /** The spaces part its fields. */
  readonly hex: string;
  /** Calls of the builder that write it: method and arguments. Left out where we write it otherwise: see `oddity`. */
  readonly build?: readonly (readonly [keyof CompositeMetadataBuilder, ...unknown[]])[];
  /** MIME type (null for an id without a name), its id or -1, content in hexadecimal. */
  readonly entries: readonly (readonly [string | null, number, string])[];
  /** What `routeOf` gives, where there is one. */
  readonly route?: string;
  /** All tags of the first routing entry. */
  readonly tags?: readonly string[];
  /** What `authenticationOf` gives; null stands for undefined, and the payload is in hexadecimal. */
  readonly authentication?: Readonly<Record<string, string | number | null>>;
  readonly dataMimeType?: string;
  readonly acceptMimeTypes?: readonly string[];
  readonly tracing?: Tracing;
  /** Why it is for reading only. */
  readonly oddity?: string;
}

export const metadataVectors: readonly MetadataVector[] = JSON.parse(
  readFileSync('spec/vectors/metadata.json', 'utf8'),
);

export function bytesFromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

export function hexFromBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
