import type { IdleStrategy } from './IdleStrategy.ts';
import { pauseProcessor } from './pauseProcessor.ts';

/** Spins, one pause of the processor a call: least latency, one core taken. Not for event-loop threads. */
export class BusySpinIdleStrategy implements IdleStrategy {
  idle(workCount: number): void {
    if (workCount > 0) return;
    pauseProcessor();
  }

  reset(): void {}
}
