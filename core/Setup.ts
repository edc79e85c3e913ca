/** What the SETUP frame says, on either side of it (spec: "SETUP Frame"). */
import { decodeSetup } from '../codec/index.ts';
import { type DirectBuffer, PayloadFlyweight, RSocketError } from '../flyweight/index.ts';
import { SliceAllocator } from '../pool/index.ts';
import { Payload, type PayloadLike } from './Payload.ts';

/** Time between two KEEPALIVE frames of a client, unless it says otherwise. */
export const KEEP_ALIVE_INTERVAL_MS = 20_000;
/** Time without a sign of the peer after which it counts as dead, unless the client says otherwise. */
export const MAX_LIFETIME_MS = 90_000;
/** As interval and lifetime: no KEEPALIVE is sent and no silence is too long. The largest the frame can say. */
export const NO_KEEP_ALIVE_MS = 0x7fffffff;
/** What payloads are, unless the client says otherwise. */
export const DEFAULT_MIME_TYPE = 'application/octet-stream';

/** What a client says in its SETUP; all of it may be left out. */
export interface SetupInit {
  /** Data and metadata for whoever accepts the connection. */
  readonly payload?: PayloadLike | undefined;
  /** At most 255 ASCII characters. Default `DEFAULT_MIME_TYPE`. */
  readonly dataMimeType?: string | undefined;
  /** At most 255 ASCII characters. Default `DEFAULT_MIME_TYPE`. */
  readonly metadataMimeType?: string | undefined;
  /** 1 to 2^31 - 1. Default `KEEP_ALIVE_INTERVAL_MS`; `NO_KEEP_ALIVE_MS` sends none. */
  readonly keepAliveIntervalMs?: number | undefined;
  /** 1 to 2^31 - 1. Default `MAX_LIFETIME_MS`; `NO_KEEP_ALIVE_MS` waits for ever. */
  readonly maxLifetimeMs?: number | undefined;
}

/** What a server is told by a client's SETUP. */
export interface Setup {
  readonly majorVersion: number;
  readonly minorVersion: number;
  readonly keepAliveIntervalMs: number;
  readonly maxLifetimeMs: number;
  readonly metadataMimeType: string;
  readonly dataMimeType: string;
  /** The client honours leases, and waits for one. */
  readonly lease: boolean;
  /** Data and metadata, which the holder owns. */
  readonly payload: Payload;
}

/** @throws RSocketError ERR_FLYSOCKET_KEEP_ALIVE unless both are integers from 1 to 2^31 - 1 */
export function checkKeepAliveTimes(keepAliveIntervalMs: number, maxLifetimeMs: number): void {
  if (isTime(keepAliveIntervalMs) && isTime(maxLifetimeMs)) return;
  const message =
    `keepAliveIntervalMs=${keepAliveIntervalMs} and maxLifetimeMs=${maxLifetimeMs} must be integers ` +
    `from 1 to ${NO_KEEP_ALIVE_MS}`;
  throw new RSocketError('ERR_FLYSOCKET_KEEP_ALIVE', message);
}

function isTime(ms: number): boolean {
  return Number.isInteger(ms) && ms >= 1 && ms <= NO_KEEP_ALIVE_MS;
}

/** Copies what a valid SETUP frame says. Allocates. */
export function copyOfSetup(buffer: DirectBuffer, offset: number, length: number): Setup {
  const view = new PayloadFlyweight();
  const { majorVersion, minorVersion, keepAliveIntervalMs, maxLifetimeMs, metadataMimeType, dataMimeType, lease } =
    decodeSetup(buffer, offset, length, view);
  return {
    majorVersion,
    minorVersion,
    keepAliveIntervalMs,
    maxLifetimeMs,
    metadataMimeType,
    dataMimeType,
    lease,
    payload: Payload.copyOf(view, new SliceAllocator(8)),
  };
}
