/**
 * The orderly end (spec: ERROR with CONNECTION_CLOSE): no new streams, those that run may finish, then the connection
 * closes. Either side may ask for it; this side sets a deadline of its own.
 */
import { ErrorCode, RSocketError } from '../flyweight/index.ts';
import type { DuplexConnection } from '../transport/index.ts';
import type { Clock } from './Clock.ts';
import type { ControlFrames } from './ControlFrames.ts';
import type { Outbound } from './Outbound.ts';
import type { Streams } from './Streams.ts';

export class Shutdown {
  /** No new streams are begun, in either direction. */
  isClosing = false;
  readonly #connection: DuplexConnection;
  readonly #streams: Streams;
  readonly #outbound: Outbound;
  readonly #control: ControlFrames;
  readonly #clock: Clock;
  readonly #onBegun: () => void;
  readonly #onQuiet: () => void;
  #timer: unknown;
  #isCheckDue = false;

  /** @param onBegun told when new requests are refused from now on */
  constructor(
    connection: DuplexConnection,
    streams: Streams,
    outbound: Outbound,
    control: ControlFrames,
    clock: Clock,
    onBegun: () => void,
  ) {
    this.#connection = connection;
    this.#streams = streams;
    this.#outbound = outbound;
    this.#control = control;
    this.#clock = clock;
    this.#onBegun = onBegun;
    this.#onQuiet = () => {
      this.#isCheckDue = false;
      if (this.#isQuiet) this.#connection.close();
    };
  }

  get #isQuiet(): boolean {
    return this.#streams.size === 0 && this.#outbound.isEmpty;
  }

  /** Asks the peer for the end, if anything runs still, and waits for that until the deadline. */
  begin(deadlineMs: number): void {
    if (this.isClosing && this.#timer !== undefined) return;
    this.#stopNewStreams();
    if (this.#isQuiet) {
      this.#connection.close();
      return;
    }
    this.#control.error(0, ErrorCode.CONNECTION_CLOSE, 'the connection is closing');
    this.#timer = this.#clock.setTimer(() => {
      const message = `${this.#streams.size} streams still open ${deadlineMs} ms after the connection began to close`;
      this.#connection.close(new RSocketError('ERR_FLYSOCKET_SHUTDOWN_DEADLINE', message));
    }, deadlineMs);
  }

  /** The peer asks for the end: it sets the deadline. */
  onPeerCloses(): void {
    if (!this.isClosing) this.#stopNewStreams();
    this.check();
  }

  /** Something has finished; if nothing is left, the connection closes once whoever calls has sent its last frame. */
  check(): void {
    if (!this.isClosing || this.#isCheckDue || !this.#isQuiet) return;
    this.#isCheckDue = true;
    queueMicrotask(this.#onQuiet);
  }

  /** The connection has ended. */
  stop(): void {
    this.isClosing = true;
    this.#streams.onEmpty = undefined;
    this.#clock.clearTimer(this.#timer);
  }

  #stopNewStreams(): void {
    this.isClosing = true;
    this.#streams.onEmpty = () => this.check();
    this.#onBegun();
  }
}
