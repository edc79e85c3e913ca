/**
 * Two sides of a link that check each other: the driver sends messages of which everything follows from their place in
 * the sequence, the echo sends each one back. Both pause at random, so that the threads fall asleep and wake at every
 * possible moment.
 */
import { type DirectBuffer, RSocketError } from 'flysocket/flyweight';
import type { WorkerLink } from 'flysocket/shm-transport';
import type { FrameHandler } from 'flysocket/transport';
import { fill, firstDifference, lengthOf, pauseSometimes, type Random } from './ringMessages.ts';

const SEQUENCE_LENGTH = 4;

/** What both sides do: send a sequence, and check the one that comes. */
export abstract class Traffic implements FrameHandler {
  readonly link: WorkerLink;
  /** Settles when this side has done its part; rejects when something came that should not. */
  readonly done: Promise<void>;
  sent = 0;
  received = 0;
  protected finish!: () => void;
  #fail!: (error: unknown) => void;
  readonly #random: Random;
  readonly #pauseOneIn: number;

  constructor(link: WorkerLink, random: Random, pauseOneIn: number) {
    this.link = link;
    this.#random = random;
    this.#pauseOneIn = pauseOneIn;
    this.done = new Promise((resolve, reject) => {
      this.finish = resolve;
      this.#fail = reject;
    });
    this.done.catch(() => {});
    link.receive(this);
  }

  protected abstract afterFrame(): void;
  protected abstract pump(): void;

  /** @returns false if there is no room */
  protected send(): boolean {
    const sequence = this.sent + 1;
    const bodyLength = lengthOf(sequence, this.link.maxFrameLength - SEQUENCE_LENGTH);
    const index = this.link.tryClaim(SEQUENCE_LENGTH + bodyLength, sequence & 7);
    if (index < 0) return false;
    const { buffer } = this.link;
    buffer.putInt32(index, sequence);
    fill(buffer, index + SEQUENCE_LENGTH, sequence, bodyLength);
    this.link.commit(index);
    this.sent = sequence;
    return true;
  }

  onFrame(buffer: DirectBuffer, offset: number, length: number): void {
    const sequence = buffer.getInt32(offset);
    const expected = this.received + 1;
    const bodyLength = length - SEQUENCE_LENGTH;
    if (sequence !== expected) {
      this.#fail(new Error(`message ${sequence} came, expected ${expected}`));
    } else if (
      bodyLength !== lengthOf(sequence, this.link.maxFrameLength - SEQUENCE_LENGTH) ||
      firstDifference(buffer, offset + SEQUENCE_LENGTH, sequence, bodyLength) >= 0
    ) {
      this.#fail(new Error(`message ${sequence} of ${bodyLength} bytes is not what was sent`));
    }
    this.received = sequence;
    if (this.#pauseOneIn > 0) pauseSometimes(this.#random, this.#pauseOneIn);
    this.afterFrame();
  }

  onWritable(): void {
    this.pump();
  }

  onClosed(error: RSocketError | undefined): void {
    this.#fail(error ?? new RSocketError('ERR_FLYSOCKET_CONNECTION_CLOSED', 'closed'));
  }
}

/** Sends back as many messages as came. */
export class Echo extends Traffic {
  /** Closes the link, from within the handler, when so many have come. */
  closesAfter: number = Number.POSITIVE_INFINITY;

  protected afterFrame(): void {
    this.pump();
    if (this.received >= this.closesAfter) this.link.close();
  }

  protected pump(): void {
    while (this.sent < this.received && this.send());
  }
}

/** Only reads. */
export class Sink extends Traffic {
  protected afterFrame(): void {}
  protected pump(): void {}
}

/** Only sends, as much as there is room for, until it has sent `most` or `longestMs` have passed. */
export class Flood extends Traffic {
  readonly #most: number;
  readonly #stopAt: number;

  constructor(link: WorkerLink, options: DriverOptions) {
    super(link, options.random, 0);
    this.#most = options.most;
    this.#stopAt = performance.now() + options.longestMs;
    this.pump();
  }

  protected afterFrame(): void {}

  protected pump(): void {
    if (performance.now() >= this.#stopAt) {
      this.finish();
      return;
    }
    while (this.sent < this.#most && this.send());
    if (this.sent >= this.#most) this.finish();
  }
}

export interface DriverOptions {
  readonly random: Random;
  /** A pause after one in so many messages; 0 for none. */
  readonly pauseOneIn: number;
  /** Messages sent before all of them must have come back; Infinity never waits. */
  readonly longestBurst: number;
  /** Sends no more after so many. */
  readonly most: number;
  /** Sends no more after this long, in milliseconds. */
  readonly longestMs: number;
}

/** Sends bursts, each when the one before has come back: at once, in another turn, or after a sleep. */
export class Driver extends Traffic {
  readonly #options: DriverOptions;
  readonly #stopAt: number;
  #burstEnd = 0;

  constructor(link: WorkerLink, options: DriverOptions) {
    super(link, options.random, options.pauseOneIn);
    this.#options = options;
    this.#stopAt = performance.now() + options.longestMs;
    this.#startBurst();
  }

  protected afterFrame(): void {
    if (this.received < this.#burstEnd) {
      if (this.#options.longestBurst === Number.POSITIVE_INFINITY) this.#isOver();
      return;
    }
    if (this.#isOver()) {
      this.finish();
      return;
    }
    switch (this.#options.random.below(8)) {
      case 0:
        setTimeout(() => this.#startBurst(), this.#options.random.below(3));
        break;
      case 1:
        setImmediate(() => this.#startBurst());
        break;
      case 2:
        queueMicrotask(() => this.#startBurst());
        break;
      default:
        this.#startBurst();
    }
  }

  protected pump(): void {
    while (this.sent < this.#burstEnd && this.send());
  }

  #startBurst(): void {
    const { longestBurst, random, most } = this.#options;
    const burst = longestBurst === Number.POSITIVE_INFINITY ? most : 1 + random.below(longestBurst);
    this.#burstEnd = Math.min(this.sent + burst, most);
    this.pump();
  }

  /** Whether this was the last burst; one without end is cut off where it is. */
  #isOver(): boolean {
    if (this.sent >= this.#options.most) return true;
    if (performance.now() < this.#stopAt) return false;
    this.#burstEnd = this.sent;
    return true;
  }
}
