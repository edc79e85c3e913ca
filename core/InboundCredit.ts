/** What this side has granted the peer, stream by stream: spent by each item that comes, and renewed in time. */
import { type CounterBlock, LinkCounter } from '../counters/index.ts';
import type { ControlFrames } from './ControlFrames.ts';
import { MAX_REQUEST_N, REPLENISH_BELOW } from './Demand.ts';
import type { Stream } from './Stream.ts';

export class InboundCredit {
  readonly #control: ControlFrames;
  readonly #counters: CounterBlock;

  constructor(control: ControlFrames, counters: CounterBlock) {
    this.#control = control;
    this.#counters = counters;
  }

  /** Counts an item that came. The stream had credit for it: `granted` is above 0. */
  spend(stream: Stream): void {
    stream.granted--;
    stream.wanted--;
    this.#counters.add(LinkCounter.CREDIT_GRANTED_SPENT, 1);
    if (stream.wanted > stream.granted) this.grant(stream);
  }

  /** Tells the peer of what the subscriber wants beyond what the peer knows, unless it has plenty left. */
  grant(stream: Stream): void {
    if (stream.granted > REPLENISH_BELOW) return;
    const n = Math.min(stream.wanted, MAX_REQUEST_N) - stream.granted;
    if (n <= 0) return;
    stream.granted += n;
    const waiting = stream.waiting;
    // Before the request's last fragment the peer does not know the stream, and would ignore the frame.
    if (waiting?.isRequest && stream.isWaiting) waiting.thenRequestN += n;
    else this.#control.requestN(stream.id, n);
  }
}
