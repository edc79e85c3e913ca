/**
 * What this side allows the peer to ask (spec: "LEASE Frame"), and how it is renewed.
 *
 * Requests that were on their way when a lease was replaced count against the new one, though the peer made them by the
 * old one, and with a short lease or a slow way they may be those of many leases. So what was left of a replaced lease
 * is allowed on top for a while: for `LEASE_GRACE_MS` at least, and less than twice that.
 *
 *   left     of the lease that is valid now
 *   recent   of those that were replaced in this period of LEASE_GRACE_MS
 *   older    of those that were replaced in the period before
 *
 * A peer that keeps to leases that are renewed is never refused, unless its requests are longer on their way than that;
 * one that does not may make up for what it has not asked lately, and no more.
 */
import { encodeLease, lengthOfLease } from '../codec/index.ts';
import { PayloadFlyweight, RSocketError } from '../flyweight/index.ts';
import type { Clock } from './Clock.ts';
import { LEASE_GRACE_MS } from './limits.ts';
import type { Outbound } from './Outbound.ts';

const MAX_U31 = 0x7fffffff;

/** A number of requests within a time. */
export interface LeaseGrant {
  /** 0 to 2^31 - 1. */
  readonly requests: number;
  /** 0 to 2^31 - 1 milliseconds; 1 or more where it is renewed. */
  readonly ttlMs: number;
}

export class ResponderLease {
  readonly #outbound: Outbound;
  readonly #clock: Clock;
  #left = 0;
  #expiresAtMs = 0;
  #recent = 0;
  #older = 0;
  #periodEndsAtMs = 0;
  #timer: unknown;

  constructor(outbound: Outbound, clock: Clock) {
    this.#outbound = outbound;
    this.#clock = clock;
  }

  /** Grants now, and again each time the grant runs out. @throws RSocketError ERR_FLYSOCKET_LEASE */
  renew(grant: LeaseGrant): void {
    checkRenewable(grant);
    this.grant(grant);
    // It ends when it is renewed: if that is late, the peer is not to blame.
    this.#expiresAtMs = Number.POSITIVE_INFINITY;
    this.#timer = this.#clock.setTimer(() => this.renew(grant), grant.ttlMs);
  }

  /** Grants once, in place of whatever was granted before. @throws RSocketError ERR_FLYSOCKET_LEASE */
  grant({ requests, ttlMs }: LeaseGrant): void {
    check({ requests, ttlMs }, 0);
    this.stop();
    const nowMs = this.#clock.nowMs();
    const none = new PayloadFlyweight();
    if (!this.#outbound.place(0, lengthOfLease(none), 0)) return;
    encodeLease(this.#outbound.buffer, this.#outbound.index, ttlMs, requests, none);
    this.#outbound.commit();
    this.#forget(nowMs);
    if (nowMs < this.#expiresAtMs) this.#recent += this.#left;
    this.#left = requests;
    this.#expiresAtMs = nowMs + ttlMs;
  }

  /** Counts a request of the peer. @returns false if no lease allows it */
  allows(): boolean {
    const nowMs = this.#clock.nowMs();
    this.#forget(nowMs);
    if (this.#older > 0) this.#older--;
    else if (this.#recent > 0) this.#recent--;
    else if (this.#left > 0 && nowMs < this.#expiresAtMs) this.#left--;
    else return false;
    return true;
  }

  /** Begins another period if it is time. */
  #forget(nowMs: number): void {
    const late = nowMs - this.#periodEndsAtMs;
    if (late < 0) return;
    this.#older = late < LEASE_GRACE_MS ? this.#recent : 0;
    this.#recent = 0;
    this.#periodEndsAtMs = nowMs + LEASE_GRACE_MS;
  }

  stop(): void {
    this.#clock.clearTimer(this.#timer);
    this.#timer = undefined;
  }
}

/** @throws RSocketError ERR_FLYSOCKET_LEASE if that cannot be granted again and again */
export function checkRenewable(grant: LeaseGrant): void {
  check(grant, 1);
}

function check({ requests, ttlMs }: LeaseGrant, minTtlMs: number): void {
  if (isU31From(0, requests) && isU31From(minTtlMs, ttlMs)) return;
  const message = `no lease: requests=${requests}, ttlMs=${ttlMs}, at least ${minTtlMs}`;
  throw new RSocketError('ERR_FLYSOCKET_LEASE', message);
}

function isU31From(min: number, value: number): boolean {
  return Number.isInteger(value) && value >= min && value <= MAX_U31;
}
