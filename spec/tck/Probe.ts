import type { StreamSubscriber } from 'flysocket/core';
import type { PayloadFlyweight, RSocketError } from 'flysocket/flyweight';

/**
 * A low-level subscriber of one stream that keeps what it hears, and holds the stream to its rules: one terminal signal
 * of each half, nothing after an error, nothing at all after the stream is over for this side.
 */
export class Probe implements StreamSubscriber {
  readonly signals: string[] = [];
  /** What broke the rules. */
  readonly violations: string[] = [];
  /** Copies of the items' data. */
  readonly items: Uint8Array[] = [];
  error: RSocketError | undefined;
  /** Sum of what `onRequestN` told. */
  demand = 0;
  #inboundEnded = false;
  #outboundEnded = false;

  /** @param hasInbound items come; @param hasOutbound items go */
  constructor(hasInbound: boolean, hasOutbound: boolean) {
    this.#inboundEnded = !hasInbound;
    this.#outboundEnded = !hasOutbound;
  }

  /** Both halves have ended. */
  get isOver(): boolean {
    return this.#inboundEnded && this.#outboundEnded;
  }

  /** This side ended a half, or both, by itself. */
  endedHere(half: 'inbound' | 'outbound' | 'both'): void {
    if (half !== 'outbound') this.#inboundEnded = true;
    if (half !== 'inbound') this.#outboundEnded = true;
  }

  onNext(payload: PayloadFlyweight, _streamId: number): void {
    this.#hear('next', this.#inboundEnded);
    this.items.push(payload.copyOfData());
  }

  onComplete(_streamId: number): void {
    this.#hear('complete', this.#inboundEnded);
    this.#inboundEnded = true;
  }

  onError(error: RSocketError, _streamId: number): void {
    this.#hear('error', this.isOver);
    this.error = error;
    this.endedHere('both');
  }

  onRequestN(n: number, _streamId: number): void {
    this.#hear('requestN', this.#outboundEnded);
    this.demand += n;
  }

  onWritable(_streamId: number): void {
    this.#hear('writable', this.#outboundEnded);
  }

  onCancel(_streamId: number): void {
    this.#hear('cancel', this.isOver);
    this.#outboundEnded = true;
  }

  #hear(signal: string, isTooLate: boolean): void {
    if (isTooLate) this.violations.push(`${signal} after ${this.signals.join(' ')}`);
    this.signals.push(signal);
  }
}
