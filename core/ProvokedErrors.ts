import { ErrorCode, RSocketError } from '../flyweight/index.ts';
import type { ControlFrames } from './ControlFrames.ts';
import { EventRate } from './EventRate.ts';
import { MAX_CANCELS_PER_SECOND, MAX_PROVOKED_ERRORS_PER_SECOND } from './limits.ts';
import type { PeerParts } from './PeerParts.ts';

/** Work that a peer makes without cost to itself: errors that it causes, requests that it cancels. Bounded by rates. */
export class ProvokedErrors {
  readonly #control: ControlFrames;
  readonly #breakOff: (error: RSocketError) => void;
  readonly #maxErrors: number;
  readonly #maxCancels: number;
  readonly #errors: EventRate;
  readonly #cancels: EventRate;

  constructor({ control, clock, options, breakOff }: PeerParts) {
    this.#control = control;
    this.#breakOff = breakOff;
    this.#maxErrors = options.maxProvokedErrorsPerSecond ?? MAX_PROVOKED_ERRORS_PER_SECOND;
    this.#maxCancels = options.maxCancelsPerSecond ?? MAX_CANCELS_PER_SECOND;
    this.#errors = new EventRate(clock, this.#maxErrors);
    this.#cancels = new EventRate(clock, this.#maxCancels);
  }

  /** Tells the peer of an error on a stream that is its own making. */
  answer(streamId: number, errorCode: number, message: string): void {
    if (this.#errors.allows()) this.#control.error(streamId, errorCode, message);
    else this.#end('ERR_FLYSOCKET_ERROR_FLOOD', `more than ${this.#maxErrors} errors provoked within a second`);
  }

  /** The peer has cancelled, or ended with an error, a request that was not finished. */
  onCancel(): void {
    if (!this.#cancels.allows()) {
      this.#end('ERR_FLYSOCKET_CANCEL_FLOOD', `more than ${this.#maxCancels} requests cancelled within a second`);
    }
  }

  #end(code: string, message: string): void {
    this.#breakOff(new RSocketError(code, message, ErrorCode.CONNECTION_ERROR));
  }
}
