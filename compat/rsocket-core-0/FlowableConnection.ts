/**
 * A connection of flysocket as the `DuplexConnection` of rsocket-core 0.0.27: frames are objects, and what comes is
 * told by Flowables.
 *
 *   NOT_CONNECTED -- connect --> CONNECTING -- it is open --> CONNECTED -- close() here ----> CLOSED
 *                                     '-- it cannot be opened -----------'-- anything else --> ERROR
 *
 * The end is told in that library's order: the status, then the receivers; then senders are cancelled.
 */
import { RSocketError } from '../../flyweight/index.ts';
import type { BufferPool } from '../../pool/index.ts';
import type { DuplexConnection } from '../../transport/index.ts';
import { COMPAT_OUTBOUND_BYTES } from '../limits.ts';
import { CONNECTION_STATUS, type ConnectionStatus, isOver } from './ConnectionStatus.ts';
import type { Encoders } from './Encoders.ts';
import { Flowable, type Subscriber, type Subscription } from './Flowable.ts';
import type { Frame } from './Frame.ts';
import { FrameLine } from './FrameLine.ts';

/** What every connection may choose. */
export interface FlowableConnectionOptions {
  /**
   * Bytes that may wait for room in the transport before the connection is closed, for `sendOne` cannot be refused.
   * Default `COMPAT_OUTBOUND_BYTES`.
   */
  readonly maxOutboundBytes?: number | undefined;
}

/** What can be sent as a whole: a Flowable of frames, of whichever library. */
export interface FrameSource {
  subscribe(subscriber: Subscriber<Frame>): void;
}

export class FlowableConnection {
  readonly #encoders: Encoders | undefined;
  readonly #pool: BufferPool;
  readonly #isClient: boolean;
  readonly #maxOutboundBytes: number;
  readonly #statusSubscribers: Set<Subscriber<ConnectionStatus>> = new Set();
  readonly #receivers: Set<Subscriber<Frame>> = new Set();
  readonly #senders: Set<Subscription> = new Set();
  #status: ConnectionStatus = CONNECTION_STATUS.NOT_CONNECTED;
  #line: FrameLine | undefined = undefined;

  /**
   * @param encoders of data, metadata and so on; undefined for strings
   * @param pool memory for what waits, in either direction
   * @param isClient this end is the one that connects
   */
  constructor(
    encoders: Encoders | undefined,
    pool: BufferPool,
    isClient: boolean,
    options: FlowableConnectionOptions = {},
  ) {
    this.#encoders = encoders;
    this.#pool = pool;
    this.#isClient = isClient;
    this.#maxOutboundBytes = options.maxOutboundBytes ?? COMPAT_OUTBOUND_BYTES;
  }

  /** Only a client has something to connect to. */
  connect(): void {
    throw new Error('not supported');
  }

  /** Ends the connection; what was sent before still leaves, within `COMPAT_LINGER_TIMEOUT_MS`. */
  close(): void {
    this.end(undefined);
  }

  /** Tells each subscriber how things are, and then whenever that changes. */
  connectionStatus(): Flowable<ConnectionStatus> {
    return new Flowable((subscriber) => {
      subscriber.onSubscribe({
        cancel: () => {
          this.#statusSubscribers.delete(subscriber);
        },
        request: () => {
          if (!isOver(this.#status)) this.#statusSubscribers.add(subscriber);
          subscriber.onNext(this.#status);
        },
      });
    });
  }

  /**
   * The frames that arrive, from the first `request` on, however many were requested. None is taken from the transport
   * before somebody has subscribed. A subscriber that throws ends the connection.
   */
  receive(): Flowable<Frame> {
    const source = (subscriber: Subscriber<Frame>): void => {
      subscriber.onSubscribe({
        cancel: () => {
          this.#receivers.delete(subscriber);
        },
        request: () => {
          if (isOver(this.#status)) return;
          this.#receivers.add(subscriber);
          this.#line?.read();
        },
      });
    };
    return new Flowable(source, (error) => this.end(asError(error)));
  }

  /** Sends a frame. What is wrong with it, or with the connection, ends the connection with an ERROR. */
  sendOne(frame: Frame): void {
    if (isOver(this.#status)) return;
    try {
      if (this.#line === undefined) {
        throw new RSocketError('ERR_FLYSOCKET_NOT_CONNECTED', 'no frame can be sent before the connection is open');
      }
      this.#line.write(frame);
    } catch (error) {
      this.end(asError(error));
    }
  }

  /** Sends all frames of a Flowable, which is cancelled when the connection ends. */
  send(frames: FrameSource): void {
    let sender: Subscription | undefined;
    const forget = (): void => {
      if (sender !== undefined) this.#senders.delete(sender);
    };
    frames.subscribe({
      onSubscribe: (subscription) => {
        if (isOver(this.#status)) {
          subscription.cancel();
          return;
        }
        sender = subscription;
        this.#senders.add(subscription);
        subscription.request(Number.MAX_SAFE_INTEGER);
      },
      onNext: (frame) => this.sendOne(frame),
      onComplete: forget,
      onError: (error) => {
        forget();
        this.end(error);
      },
    });
  }

  /** How the connection is. */
  protected get status(): ConnectionStatus {
    return this.#status;
  }

  /** Tells of a new status that is not the end. */
  protected become(status: ConnectionStatus): void {
    this.#status = status;
    for (const subscriber of [...this.#statusSubscribers]) subscriber.onNext(status);
  }

  /** It is open: `connection` belongs to this from now on, and frames can be sent. */
  protected open(connection: DuplexConnection): void {
    this.#line = new FrameLine({
      connection,
      encoders: this.#encoders,
      pool: this.#pool,
      maxOutboundBytes: this.#maxOutboundBytes,
      isClient: this.#isClient,
      onFrame: (frame) => this.deliver(frame),
      onEnd: (error) => this.end(error),
    });
    if (this.#receivers.size > 0) this.#line.read();
    this.become(CONNECTION_STATUS.CONNECTED);
  }

  /** A frame has come. */
  protected deliver(frame: Frame): void {
    for (const receiver of this.#receivers) receiver.onNext(frame);
  }

  /** Ends the connection, once: with ERROR if there is an `error`, else with CLOSED. */
  protected end(error: Error | undefined): void {
    if (isOver(this.#status)) return;
    const status: ConnectionStatus = error === undefined ? CONNECTION_STATUS.CLOSED : { kind: 'ERROR', error };
    const statusSubscribers = [...this.#statusSubscribers];
    const receivers = [...this.#receivers];
    const senders = [...this.#senders];
    this.#status = status;
    this.#statusSubscribers.clear();
    this.#receivers.clear();
    this.#senders.clear();
    try {
      for (const subscriber of statusSubscribers) subscriber.onNext(status);
      for (const receiver of receivers) {
        if (error === undefined) receiver.onComplete();
        else receiver.onError(error);
      }
      for (const sender of senders) sender.cancel();
    } finally {
      this.#line?.leave(error);
    }
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
