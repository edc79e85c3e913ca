/**
 * The MessagePort beside a link, for values that only structured clone can carry.
 *
 * A value is posted under a number before the frame that carries the number is sent. A message is in the queue of the
 * other port once `postMessage` has returned, so whoever reads the frame finds it there at once: nothing waits, and
 * values keep the order of the frames.
 *
 *     message   [ number: uint32, value ]
 *
 * A value whose frame never comes is met by whoever looks for a later one. Such are kept, in case their frames come
 * after, up to `MAX_SKIPPED_VALUES`; then the oldest is dropped.
 */
import { type MessagePort, receiveMessageOnPort, type Transferable } from 'node:worker_threads';
import { RSocketError } from '../../flyweight/index.ts';

/** Values kept whose frames have not come, though those of later ones have. */
export const MAX_SKIPPED_VALUES = 1024;

const NOTHING_TO_TRANSFER: readonly Transferable[] = [];

export class ValuePort {
  readonly #port: MessagePort;
  readonly #skipped = new Map<number, unknown>();
  #posted = 0;
  #closed = false;

  /** @param port one end of a MessageChannel whose other end is the peer's; nobody listens to it */
  constructor(port: MessagePort) {
    this.#port = port;
    port.unref();
  }

  /** Values that were met before their frames. */
  get skippedValues(): number {
    return this.#skipped.size;
  }

  /**
   * Posts `value`, and moves what `transferList` names.
   *
   * @returns the number to send, from 0 to 2^32 - 1
   * @throws DataCloneError, as `structuredClone` does, and whatever a getter within the value throws; then nothing
   * was posted
   */
  post(value: unknown, transferList: readonly Transferable[] = NOTHING_TO_TRANSFER): number {
    const number = this.#posted;
    this.#port.postMessage([number, value], transferList as Transferable[]);
    this.#posted = (number + 1) >>> 0;
    return number;
  }

  /**
   * The value that was posted under `number`, once.
   *
   * @throws RSocketError ERR_FLYSOCKET_VALUE_LOST if it is not there: it was taken before, or dropped after
   * `MAX_SKIPPED_VALUES` later ones, or the port is closed. What structured clone throws if the value can't be read.
   */
  receive(number: number): unknown {
    if (this.#skipped.has(number)) {
      const value = this.#skipped.get(number);
      this.#skipped.delete(number);
      return value;
    }
    for (;;) {
      if (this.#closed) throw lost(number);
      const received = receiveMessageOnPort(this.#port) as { message: [number, unknown] } | undefined;
      if (received === undefined) throw lost(number);
      const [posted, value] = received.message;
      if (posted === number) return value;
      this.#skip(posted, value);
    }
  }

  /** Drops the value that was posted under `number`: its frame has come, and nobody is left to take it. */
  discard(number: number): void {
    try {
      this.receive(number);
    } catch {
      // It was lost, or can't be read: gone either way.
    }
  }

  /** Closes both ends; what was not received is dropped, and what is posted from now on. */
  close(): void {
    this.#closed = true;
    this.#skipped.clear();
    this.#port.close();
  }

  #skip(number: number, value: unknown): void {
    if (this.#skipped.size === MAX_SKIPPED_VALUES) {
      for (const oldest of this.#skipped.keys()) {
        this.#skipped.delete(oldest);
        break;
      }
    }
    this.#skipped.set(number, value);
  }
}

function lost(number: number): RSocketError {
  return new RSocketError('ERR_FLYSOCKET_VALUE_LOST', `no value ${number} at the port beside the link`);
}
