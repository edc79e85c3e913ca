import type { IdleStrategy } from './IdleStrategy.ts';

/** Goes on at once: the caller polls without a pause. Not for event-loop threads. */
export class NoOpIdleStrategy implements IdleStrategy {
  idle(_workCount: number): void {}

  reset(): void {}
}
