import type { Peer, StreamSubscriber } from 'flysocket/core';
import { DirectBuffer, PayloadFlyweight, type RSocketError } from 'flysocket/flyweight';
import { DATA_LENGTH, METADATA_LENGTH } from '../../request-response/RequestContender.ts';
import type { Answers, Asker } from '../Asker.ts';

/** A power of two, far above what is in flight. */
const SEQUENCES = 1 << 16;

const NOBODY: Answers = { answered() {}, failed() {} };

/** What the askers of ours need of a peer. */
export interface LowLevelPeer {
  readonly zeroCopy: Peer;
  destroy(): void;
}

/** Ours, on the low level: views in, views out, and one subscriber for all requests. */
export class LowLevelAsker implements Asker, StreamSubscriber {
  readonly #peer: LowLevelPeer;
  readonly #end: () => void | Promise<void>;
  readonly #source: DirectBuffer = new DirectBuffer(new ArrayBuffer(METADATA_LENGTH + DATA_LENGTH));
  readonly #payload: PayloadFlyweight = new PayloadFlyweight()
    .wrapMetadata(this.#source, 0, METADATA_LENGTH)
    .wrapData(this.#source, METADATA_LENGTH, DATA_LENGTH);
  /** The sequence numbers of the requests in flight, by stream id. */
  readonly #sequences: Int32Array = new Int32Array(SEQUENCES);
  #answers: Answers = NOBODY;

  /** @param end default: destroys the peer */
  constructor(peer: LowLevelPeer, end?: () => void | Promise<void>) {
    this.#peer = peer;
    this.#end = end ?? (() => peer.destroy());
  }

  ask(sequence: number, answers: Answers): void {
    this.#answers = answers;
    this.#source.putUint8(METADATA_LENGTH, sequence);
    const streamId = this.#peer.zeroCopy.requestResponse(this.#payload, this);
    if (streamId > 0) this.#sequences[(streamId >>> 1) & (SEQUENCES - 1)] = sequence;
    else answers.failed(new Error(`request ${sequence} was refused: ${streamId}`));
  }

  close(): void | Promise<void> {
    return this.#end();
  }

  onNext(payload: PayloadFlyweight, streamId: number): void {
    const sequence = this.#sequences[(streamId >>> 1) & (SEQUENCES - 1)] as number;
    this.#answers.answered(sequence, payload.dataBuffer.getUint8(payload.dataOffset), payload.dataLength);
  }

  onComplete(): void {}

  onError(error: RSocketError): void {
    this.#answers.failed(error);
  }

  onRequestN(): void {}
  onWritable(): void {}
  onCancel(): void {}
}
