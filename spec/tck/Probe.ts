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
  readonly #isRequester: boolean;
  #inboundEnded: boolean;
  #outboundEnded: boolean;

  private constructor(isRequester: boolean, hasInbound: boolean, hasOutbound: boolean) {
    this.#isRequester = isRequester;
    this.#inboundEnded = !hasInbound;
    this.#outboundEnded = !hasOutbound;
  }

  /** @param hasOutbound it is a channel, on which the requester has items to send */
  static requester(hasOutbound = false): Probe {
    return new Probe(true, true, hasOutbound);
  }

  /** @param hasInbound it is a channel, on which more items come from the requester */
  static responder(hasInbound = false): Probe {
    return new Probe(false, hasInbound, true);
  }

  get inboundEnded(): boolean {
    return this.#inboundEnded;
  }

  get outboundEnded(): boolean {
    return this.#outboundEnded;
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
    this.#hear('cancel', this.#isRequester ? this.#outboundEnded : this.isOver);
    this.endedHere(this.#isRequester ? 'outbound' : 'both');
  }

  #hear(signal: string, isTooLate: boolean): void {
    if (isTooLate) this.violations.push(`${signal} after ${this.signals.join(' ')}`);
    this.signals.push(signal);
  }
}
