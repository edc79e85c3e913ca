import type { PayloadLike } from './Payload.ts';
import type { ZeroCopyRSocket } from './ZeroCopyRSocket.ts';

/** Objects kept for reuse; more than that go to the garbage collector. */
const MAX_POOLED_ANSWERS = 4_096;

type OnAnswered = (peer: ZeroCopyRSocket, streamId: number, payload: PayloadLike) => void;
type OnRejected = (peer: ZeroCopyRSocket, streamId: number, error: unknown) => void;

/**
 * What waits for the promises of handlers. Each object has its two closures for good and is used again: a pair for each
 * request, and what they look into, would take 160 bytes more of the 540 that the responder's side takes, the handler's
 * own included (measured).
 */
export class PendingAnswers {
  readonly onAnswered: OnAnswered;
  readonly onRejected: OnRejected;
  readonly #pool: PendingAnswer[] = [];

  constructor(onAnswered: OnAnswered, onRejected: OnRejected) {
    this.onAnswered = onAnswered;
    this.onRejected = onRejected;
  }

  /** One of the two functions will be called with `peer` and `streamId`, once. */
  add(answered: Promise<PayloadLike>, peer: ZeroCopyRSocket, streamId: number): void {
    const pending = this.#pool.pop() ?? new PendingAnswer(this);
    pending.peer = peer;
    pending.streamId = streamId;
    // What is no Promise, but has a `then`, might call more than once: this makes it one that does not.
    Promise.resolve(answered).then(pending.onAnswered, pending.onRejected);
  }

  giveBack(pending: PendingAnswer): void {
    if (this.#pool.length < MAX_POOLED_ANSWERS) this.#pool.push(pending);
  }
}

class PendingAnswer {
  peer: ZeroCopyRSocket | undefined = undefined;
  streamId = 0;
  readonly onAnswered: (payload: PayloadLike) => void;
  readonly onRejected: (error: unknown) => void;

  constructor(home: PendingAnswers) {
    this.onAnswered = (payload) => {
      const { peer, streamId } = this;
      home.giveBack(this);
      home.onAnswered(peer as ZeroCopyRSocket, streamId, payload);
    };
    this.onRejected = (error) => {
      const { peer, streamId } = this;
      home.giveBack(this);
      home.onRejected(peer as ZeroCopyRSocket, streamId, error);
    };
  }
}
