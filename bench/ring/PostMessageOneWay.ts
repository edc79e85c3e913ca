import { firstByteOf, lastByteOf } from './messages.ts';
import { OneWayContender } from './OneWayContender.ts';

/** A Uint8Array posted to the worker, cloned. */
export class PostMessageOneWay extends OneWayContender {
  readonly #source: Uint8Array;

  constructor(length: number, batch: number) {
    super('postMessage', batch, new URL('./postMessagePeer.worker.js', import.meta.url), { echoes: false });
    this.#source = new Uint8Array(length);
  }

  protected override knock(): void {
    this.thread.worker.postMessage(null);
  }

  protected override send(count: number): void {
    const { worker } = this.thread;
    const source = this.#source;
    for (let sequence = 0; sequence < count; sequence++) {
      source[0] = firstByteOf(sequence);
      source[source.length - 1] = lastByteOf(sequence);
      worker.postMessage(source);
    }
  }
}
