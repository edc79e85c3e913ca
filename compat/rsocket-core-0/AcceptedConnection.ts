import { TIME_TO_FIRST_FRAME_MS } from '../../core/index.ts';
import { ErrorCode, FrameFlag, FrameType, RSocketError } from '../../flyweight/index.ts';
import type { BufferPool } from '../../pool/index.ts';
import type { DuplexConnection } from '../../transport/index.ts';
import type { Encoders } from './Encoders.ts';
import { FlowableConnection, type FlowableConnectionOptions } from './FlowableConnection.ts';
import type { Frame } from './Frame.ts';

/** How a server treats its clients. */
export interface AcceptedConnectionOptions extends FlowableConnectionOptions {
  /** How long it waits for the first frame. Default the core's `TIME_TO_FIRST_FRAME_MS`. */
  readonly timeToFirstFrameMs?: number | undefined;
}

/**
 * The end of a connection that was accepted; it is CONNECTED from the start. A client whose first frame is neither
 * SETUP nor RESUME, or does not come in time, is sent away, and so is one that wants to resume later: RSocketServer
 * would let it in, and refuse it when it comes back.
 */
export class AcceptedConnection extends FlowableConnection {
  readonly #onBegun: (connection: AcceptedConnection) => void;
  readonly #timer: NodeJS.Timeout;
  #hasBegun = false;

  /** @param onBegun called once: the first frame has come, or the connection has ended without one */
  constructor(
    connection: DuplexConnection,
    encoders: Encoders | undefined,
    pool: BufferPool,
    { timeToFirstFrameMs = TIME_TO_FIRST_FRAME_MS, ...options }: AcceptedConnectionOptions,
    onBegun: (connection: AcceptedConnection) => void,
  ) {
    super(encoders, pool, false, options);
    this.#onBegun = onBegun;
    this.#timer = setTimeout(() => {
      this.#refuse('ERR_FLYSOCKET_SETUP_TIMEOUT', `no SETUP within ${timeToFirstFrameMs} ms`, ErrorCode.INVALID_SETUP);
    }, timeToFirstFrameMs);
    this.#timer.unref();
    this.open(connection);
  }

  protected override deliver(frame: Frame): void {
    if (!this.#hasBegun) {
      this.#begin();
      if (!this.#mayEnter(frame)) return;
    }
    super.deliver(frame);
  }

  protected override end(error: Error | undefined): void {
    if (!this.#hasBegun) this.#begin();
    super.end(error);
  }

  #begin(): void {
    this.#hasBegun = true;
    clearTimeout(this.#timer);
    this.#onBegun(this);
  }

  #mayEnter({ type, flags }: Frame): boolean {
    if (type === FrameType.RESUME) return true;
    if (type !== FrameType.SETUP) {
      const message = `the first frame is neither SETUP nor RESUME: type=${type}`;
      this.#refuse('ERR_FLYSOCKET_INVALID_SETUP', message, ErrorCode.INVALID_SETUP);
      return false;
    }
    if ((flags & FrameFlag.RESUME) === 0) return true;
    this.#refuse('ERR_FLYSOCKET_REJECTED_SETUP', 'a session cannot be resumed here', ErrorCode.REJECTED_SETUP);
    return false;
  }

  #refuse(code: string, message: string, errorCode: number): void {
    this.sendOne({ code: errorCode, flags: 0, message, streamId: 0, type: FrameType.ERROR });
    this.end(new RSocketError(code, message, errorCode));
  }
}
