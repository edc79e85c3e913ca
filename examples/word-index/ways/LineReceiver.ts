/**
 * The responder of one channel: indexes the lines where they lie in the ring and answers after each file. It grants
 * credit for what it has indexed, but not while answers wait to be taken: so they never are more than the credit.
 */
import { IgnoringSubscriber, SENT, type ZeroCopyRSocket } from 'flysocket/core';
import { DirectBuffer, PayloadFlyweight } from 'flysocket/flyweight';
import type { FileAnswer } from '../FileAnswer.ts';
import { WordIndex } from '../WordIndex.ts';
import { FILE_ANSWER_LENGTH, NUMBER_LENGTH, putFileAnswer } from './channelItems.ts';

/** Items that the sender may be ahead. Of common lines the ring holds fewer or about as many. */
const CREDIT = 16_384;
/** Items after which answers and credit are sent, together: each time may have to wake the sender. */
const ANSWER_INTERVAL = 4096;

export class LineReceiver extends IgnoringSubscriber {
  readonly #peer: ZeroCopyRSocket;
  readonly #streamId: number;
  readonly #index: WordIndex = new WordIndex();
  readonly #answers: FileAnswer[] = [];
  readonly #scratch: DirectBuffer = new DirectBuffer(new Uint8Array(FILE_ANSWER_LENGTH));
  readonly #fileAnswer: PayloadFlyweight = new PayloadFlyweight().wrapData(this.#scratch, 0, FILE_ANSWER_LENGTH);
  readonly #word: PayloadFlyweight = new PayloadFlyweight().wrapMetadata(this.#scratch, 0, NUMBER_LENGTH);
  /** Items indexed for which no new credit was granted. */
  #owed = 0;
  #hasEnded = false;
  /** The slot of the next word to send. */
  #slot = 0;
  /** The table's arena, once it grows no more. */
  #arena: DirectBuffer = this.#scratch;

  constructor(streamId: number, peer: ZeroCopyRSocket) {
    super();
    this.#streamId = streamId;
    this.#peer = peer;
    peer.request(streamId, CREDIT);
  }

  override onNext(item: PayloadFlyweight): void {
    if (item.metadataLength < 0) this.#index.addLine(item.dataBuffer.bytes, item.dataOffset, item.dataLength);
    else this.#answers.push(this.#index.endFile(item.metadataBuffer.getUint32(item.metadataOffset)));
    if (++this.#owed >= ANSWER_INTERVAL) this.#answer();
  }

  override onComplete(): void {
    this.#hasEnded = true;
    this.#arena = new DirectBuffer(this.#index.table.arena);
    this.#answer();
  }

  override onRequestN(): void {
    this.#answer();
  }

  override onWritable(): void {
    this.#answer();
  }

  #answer(): void {
    if (!this.#sendFileAnswers()) return;
    if (this.#hasEnded) {
      if (this.#sendWords()) this.#peer.complete(this.#streamId);
    } else if (this.#owed >= ANSWER_INTERVAL) {
      this.#peer.request(this.#streamId, this.#owed);
      this.#owed = 0;
    }
  }

  /** @returns false if some wait */
  #sendFileAnswers(): boolean {
    for (let answer = this.#answers[0]; answer !== undefined; answer = this.#answers[0]) {
      putFileAnswer(this.#scratch, 0, answer);
      if (this.#peer.next(this.#streamId, this.#fileAnswer, false) !== SENT) return false;
      this.#answers.shift();
    }
    return true;
  }

  #sendWords(): boolean {
    const table = this.#index.table;
    for (; this.#slot < table.slots; this.#slot++) {
      const occurrences = table.countAt(this.#slot);
      if (occurrences === 0) continue;
      this.#scratch.putUint32(0, occurrences);
      this.#word.wrapData(this.#arena, table.offsetAt(this.#slot), table.lengthAt(this.#slot));
      if (this.#peer.next(this.#streamId, this.#word, false) !== SENT) return false;
    }
    return true;
  }
}
