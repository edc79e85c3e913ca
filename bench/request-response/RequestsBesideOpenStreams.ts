import { IGNORING_SUBSCRIBER } from 'flysocket/core';
import { DirectBuffer, PayloadFlyweight } from 'flysocket/flyweight';
import { LowLevelRequests } from './LowLevelRequests.ts';

const OPENED_PER_TURN = 500;

/** Ours, on the low level, while so many streams are open on the same connection and silent. */
export class RequestsBesideOpenStreams extends LowLevelRequests {
  readonly #streams: number;

  constructor(name: string, streams: number, inFlight: number, batch: number) {
    super(name, inFlight, batch);
    this.#streams = streams;
  }

  override async open(): Promise<void> {
    await super.open();
    const empty = new PayloadFlyweight().wrapData(new DirectBuffer(new ArrayBuffer(8)), 0, 0);
    for (let opened = 0; opened < this.#streams; ) {
      const end = Math.min(this.#streams, opened + OPENED_PER_TURN);
      for (; opened < end; opened++) {
        const streamId = this.peer.zeroCopy.requestStream(empty, 1, IGNORING_SUBSCRIBER);
        if (streamId <= 0) throw new Error(`stream ${opened} was refused: ${streamId}`);
      }
      await this.run(1);
    }
    if (this.peer.zeroCopy.openStreams !== this.#streams)
      throw new Error(`${this.peer.zeroCopy.openStreams} streams are open`);
  }

  /** The streams would never end. */
  override async close(): Promise<void> {
    this.peer.destroy();
    await super.close();
  }
}
