import type { Clock } from '../core/index.ts';

/** How a lost connection is made again; all of it has a default. */
export interface ReconnectOptions {
  /** Time before the first attempt after a connection failed or was lost. Default `RECONNECT_INITIAL_DELAY_MS`. */
  readonly initialDelayMs?: number | undefined;
  /** Default `RECONNECT_MAX_DELAY_MS`. */
  readonly maxDelayMs?: number | undefined;
  /** 1 or more: what each delay is multiplied by. Default `RECONNECT_FACTOR`. */
  readonly factor?: number | undefined;
  /** 0 to 1: the share of each delay that chance may take off it. Default `RECONNECT_JITTER`. */
  readonly jitter?: number | undefined;
  /** Attempts in a row, with no connection between them that lasted, before it gives up. Default: it never does. */
  readonly maxAttempts?: number | undefined;
  /** A connection that lasted so long lets the delays begin anew. Default `RECONNECT_STABLE_MS`. */
  readonly stableAfterMs?: number | undefined;
  /** Requests that may wait for a connection; 0: they fail at once. Default `MAX_REQUESTS_WITHOUT_CONNECTION`. */
  readonly maxWaitingRequests?: number | undefined;
  /** How long each of them waits. Default `WAIT_FOR_CONNECTION_MS`. */
  readonly waitTimeoutMs?: number | undefined;
  /**
   * Whether to try again after `error`, with which an attempt failed or the connection ended.
   * Default `isWorthRetrying`.
   */
  readonly shouldReconnect?: ((error: unknown) => boolean) | undefined;
  /** Default: the system's, with timers that keep a program alive while it waits to connect again. */
  readonly clock?: Clock | undefined;
  /** A number from 0 up to 1, 1 excluded. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}
