/**
 * The requester of one channel: sends the lines of a source as they lie in the chunk that was read, and gathers what
 * the worker answers. It sends until the worker's credit is used up or the ring is full, and goes on when told.
 */
import { IgnoringSubscriber, MAX_REQUEST_N, SENT, type ZeroCopyRSocket } from 'flysocket/core';
import { DirectBuffer, PayloadFlyweight, type RSocketError } from 'flysocket/flyweight';
import { END, LINE, type LineSource } from '../LineSource.ts';
import type { MergedIndex } from '../MergedIndex.ts';
import { getFileAnswer, NUMBER_LENGTH } from './channelItems.ts';

export class LineSender extends IgnoringSubscriber {
  readonly #peer: ZeroCopyRSocket;
  readonly #source: LineSource;
  readonly #merged: MergedIndex;
  readonly #fileNumber: DirectBuffer = new DirectBuffer(new Uint8Array(NUMBER_LENGTH));
  /** The item to be sent next, if `#hasItem`. */
  readonly #item: PayloadFlyweight = new PayloadFlyweight();
  #hasItem = false;
  #isDone = false;
  #streamId = 0;
  #resolve!: () => void;
  #reject!: (error: unknown) => void;

  constructor(peer: ZeroCopyRSocket, source: LineSource, merged: MergedIndex) {
    super();
    this.#peer = peer;
    this.#source = source;
    this.#merged = merged;
  }

  /** Settles when the worker has answered everything. */
  run(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      const result = this.#peer.requestChannel(this.#item, MAX_REQUEST_N, false, this);
      if (result > 0) this.#streamId = result;
      else reject(new Error(`the channel could not be opened: ${result}`));
    });
  }

  override onRequestN(): void {
    this.#send();
  }

  override onWritable(): void {
    this.#send();
  }

  override onNext(payload: PayloadFlyweight): void {
    if (payload.metadataLength < 0) {
      this.#merged.addAnswer(getFileAnswer(payload));
      return;
    }
    const occurrences = payload.metadataBuffer.getUint32(payload.metadataOffset);
    this.#merged.words.add(payload.dataBuffer.bytes, payload.dataOffset, payload.dataLength, occurrences);
  }

  override onComplete(): void {
    this.#resolve();
  }

  override onError(error: RSocketError): void {
    this.#isDone = true;
    this.#source.close();
    this.#reject(error);
  }

  #send(): void {
    try {
      while (this.#hasItem || this.#advance()) {
        // Without credit `onRequestN` goes on from here, without room `onWritable`.
        if (this.#peer.next(this.#streamId, this.#item, false) !== SENT) return;
        this.#hasItem = false;
      }
    } catch (error) {
      this.#isDone = true;
      this.#peer.cancel(this.#streamId);
      this.#reject(error);
    }
  }

  /** Makes the next item; completes when there is none. */
  #advance(): boolean {
    if (this.#isDone) return false;
    const found = this.#source.advance();
    if (found === END) {
      this.#isDone = true;
      this.#peer.complete(this.#streamId);
      return false;
    }
    const item = this.#item;
    if (found === LINE) {
      const reader = this.#source.reader;
      item.metadataLength = -1;
      item.wrapData(reader.buffer, reader.offset, reader.length);
    } else {
      this.#fileNumber.putUint32(0, this.#source.file);
      item.wrapMetadata(this.#fileNumber, 0, NUMBER_LENGTH);
      item.dataLength = 0;
    }
    this.#hasItem = true;
    return true;
  }
}
