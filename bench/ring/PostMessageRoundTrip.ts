import { firstByteOf, lastByteOf } from './messages.ts';
import { RoundTripContender } from './RoundTripContender.ts';

/** A Uint8Array posted to the worker and posted back, cloned both times; both threads sleep in their event loops. */
export class PostMessageRoundTrip extends RoundTripContender {
  readonly isAsync = true;
  readonly #source: Uint8Array;
  readonly #onMessage: (message: Uint8Array) => void;
  #sequence = 0;
  #count = 0;
  #isTimed = true;
  #sentAt = 0;
  #done: () => void = () => {};
  #fail: (error: unknown) => void = () => {};

  constructor(length: number, batch: number) {
    super('postMessage', batch, new URL('./postMessagePeer.worker.js', import.meta.url), { echoes: true });
    this.#source = new Uint8Array(length);
    this.#onMessage = (message) => {
      try {
        this.checkAnswer(this.#sequence, message[0] as number, message[message.length - 1] as number);
        if (this.#isTimed) this.roundTrips.record(performance.now() - this.#sentAt);
        this.#sequence++;
        if (this.#sequence === this.#count) this.#done();
        else this.#send();
      } catch (error) {
        this.#fail(error);
      }
    };
  }

  override async open(): Promise<void> {
    await super.open();
    this.thread.worker.on('message', this.#onMessage);
  }

  protected override knock(): void {
    this.thread.worker.postMessage(null);
  }

  protected override roundTrip(count: number, isTimed: boolean): Promise<undefined> {
    this.#isTimed = isTimed;
    this.#sequence = 0;
    this.#count = count;
    return new Promise((resolve, reject) => {
      this.#done = () => resolve(undefined);
      this.#fail = reject;
      this.#send();
    });
  }

  #send(): void {
    const source = this.#source;
    source[0] = firstByteOf(this.#sequence);
    source[source.length - 1] = lastByteOf(this.#sequence);
    if (this.#isTimed) this.#sentAt = performance.now();
    this.thread.worker.postMessage(source);
  }
}
