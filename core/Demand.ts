/**
 * Arithmetic of credits (spec: "Request N"). Demand is a count of items; it saturates at 2^53 - 1 and never wraps to
 * 32 bits, so that a stream outlives more than 2^31 items. On the wire a grant is 1 to 2^31 - 1.
 */
import { RSocketError } from '../flyweight/index.ts';

/** The largest n of a frame; received, it means "without end", as other implementations mean it. */
export const MAX_REQUEST_N = 0x7fffffff;
/** Above this much credit left with the peer, no more is granted yet: it suits strict and lenient peers alike. */
export const REPLENISH_BELOW = 0x3fffffff;

/** The demand after `n` more. */
export function addDemand(demand: number, n: number): number {
  return Math.min(demand + n, Number.MAX_SAFE_INTEGER);
}

/** What a subscriber wants after it asked for `n` more: from 2^31 - 1 on that means items without end. */
export function addWanted(wanted: number, n: number): number {
  return n >= MAX_REQUEST_N ? Number.MAX_SAFE_INTEGER : addDemand(wanted, n);
}

/** @throws RSocketError ERR_FLYSOCKET_REQUEST_N unless `n` is an integer from 1 on, or Infinity */
export function checkRequestN(n: number): void {
  if (n >= 1 && Math.floor(n) === n) return;
  throw new RSocketError('ERR_FLYSOCKET_REQUEST_N', `request n must be an integer from 1 on: n=${n}`);
}
