import type { Isolation } from 'flysocket/shm-transport';

/** What the specs call in the page; each uses Web Workers of its own, and its result is plain values. */
export interface Scenarios {
  isolation(): Promise<Isolation>;
  transport(): Promise<'ring' | 'port'>;
  interactions(): Promise<{ response: string; stream: boolean; channel: boolean; forgotten: string }>;
  /** Whether all came back as they went. */
  largePayloads(): Promise<boolean>;
  callBack(): Promise<string>;
  /** A worker does not read for a while. */
  backPressure(): Promise<{ isBounded: boolean; isFull: boolean; goesOn: boolean; lost: number }>;
  /** The codes of the request under way, of the end, and of a request after it. */
  terminate(): Promise<string[]>;
  /** The code of the end, and of a request after it. */
  close(): Promise<string[]>;
  /** What each of two workers heard from the other. */
  introduce(): Promise<string[]>;
  brokenWorkers(): Promise<string[]>;
  silentWorker(): Promise<string>;
  /** The code, if a link over rings is asked for. */
  wantsRing(): Promise<string>;
  /** The code, if the page's thread is asked to block. */
  block(): Promise<string>;
  /** Requests answered in a second: one at a time, and 256 at a time. */
  roundTrips(count: number): Promise<{ alone: number; together: number }>;
}
