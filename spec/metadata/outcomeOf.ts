import { RSocketError } from 'flysocket/flyweight';
import {
  AuthenticationFlyweight,
  CompositeMetadataFlyweight,
  type MetadataRegion,
  MimeTypesFlyweight,
  RoutingFlyweight,
  TracingFlyweight,
} from 'flysocket/metadata';
import * as assert from 'uvu/assert';
import { hexFromBytes } from '../vectors/metadataVectors.ts';

/** Everything that a flyweight shows of those bytes, until it throws. */
export type Reader = (bytes: Uint8Array, offset: number, length: number, seen: unknown[]) => void;

/** A part must lie in the region, whatever the bytes say. */
function part(region: MetadataRegion, offset: number, length: number): string {
  assert.ok(offset >= region.offset && length >= 0, `starts at ${offset}, region at ${region.offset}`);
  assert.ok(offset + length <= region.offset + region.length, `${length} bytes at ${offset} reach beyond the region`);
  return hexFromBytes(region.bytes.subarray(offset, offset + length));
}

const composite: Reader = (bytes, offset, length, seen) => {
  const view = new CompositeMetadataFlyweight().wrapBytes(bytes, offset, length);
  while (view.next()) {
    seen.push(view.mimeTypeId, part(view, view.mimeTypeOffset, view.mimeTypeLength), view.mimeTypeUtf8());
    seen.push(part(view, view.contentOffset, view.contentLength));
  }
};

const routing: Reader = (bytes, offset, length, seen) => {
  const view = new RoutingFlyweight().wrapBytes(bytes, offset, length);
  if (view.routeLength >= 0) seen.push(part(view, view.routeOffset, view.routeLength), view.routeUtf8());
  while (view.next()) seen.push(part(view, view.tagOffset, view.tagLength), view.tagUtf8());
};

const authentication: Reader = (bytes, offset, length, seen) => {
  const view = new AuthenticationFlyweight().wrapBytes(bytes, offset, length);
  seen.push(view.typeId, view.typeUtf8(), part(view, view.typeOffset, view.typeLength));
  seen.push(part(view, view.payloadOffset, view.payloadLength), view.payloadUtf8(), view.isSimple, view.isBearer);
  seen.push(part(view, view.usernameOffset, view.usernameLength), view.usernameUtf8());
  seen.push(part(view, view.passwordOffset, view.passwordLength), view.passwordUtf8());
};

const mimeTypes: Reader = (bytes, offset, length, seen) => {
  const view = new MimeTypesFlyweight().wrapBytes(bytes, offset, length);
  while (view.next()) seen.push(view.mimeTypeId, part(view, view.mimeTypeOffset, view.mimeTypeLength));
};

const tracing: Reader = (bytes, offset, length, seen) => {
  const view = new TracingFlyweight().wrapBytes(bytes, offset, length);
  seen.push(view.flags, view.sampling, view.traceIdHex(), view.spanIdHex(), view.parentIdHex());
  if (view.hasIds) seen.push(part(view, view.traceIdOffset, view.traceIdLength), part(view, view.spanIdOffset, 8));
  if (view.hasParentId) seen.push(part(view, view.parentIdOffset, 8));
};

export const READERS: Readonly<Record<string, Reader>> = { composite, routing, authentication, mimeTypes, tracing };

/**
 * What a reader sees, and how it ends: 'end', or the code it is refused with; any other error is thrown. It must be the
 * same where memory ends with the bytes as between bytes of two kinds, where reading on would show.
 */
export function outcomeOf(read: Reader, bytes: Uint8Array): unknown[] {
  const alone = outcome(read, bytes.slice(), 0, bytes.length);
  for (const canary of [0x00, 0xff]) {
    const memory = new Uint8Array(bytes.length + 64).fill(canary);
    memory.set(bytes, 13);
    assert.equal(outcome(read, memory, 13, bytes.length), alone, `between bytes of ${canary}`);
  }
  return alone;
}

function outcome(read: Reader, bytes: Uint8Array, offset: number, length: number): unknown[] {
  const seen: unknown[] = [];
  try {
    read(bytes, offset, length, seen);
    seen.push('end');
  } catch (error) {
    if (!(error instanceof RSocketError)) throw error;
    const numbers = error.message.replace(/ at \d+/, '');
    seen.push(numbers, `${error.code} ${error.errorCode}`);
  }
  return seen;
}
