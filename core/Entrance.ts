/**
 * How a server lets a client in (spec: "Connection Establishment"). The first frame must be a SETUP that it
 * understands; then its responder decides, and what the client sends meanwhile is held.
 *
 *   AWAITING_SETUP -- SETUP --> DECIDING -- accepted --> open: what was held is looked at, in its order
 *        |                         |
 *        '-- anything else, or --> '-- rejected, or too long --> ERROR on stream 0, and the connection is closed
 *            nothing for too long
 */
import { validateFrame } from '../codec/index.ts';
import {
  type DirectBuffer,
  ErrorCode,
  FrameFlag,
  FrameType,
  flagsOf,
  RSocketError,
  typeAndFlagsOf,
  typeOf,
} from '../flyweight/index.ts';
import type { BufferPool } from '../pool/index.ts';
import type { Clock } from './Clock.ts';
import { HeldFrames } from './HeldFrames.ts';
import { isPromise } from './isPromise.ts';
import { ACCEPT_TIMEOUT_MS, MAX_HELD_BYTES, TIME_TO_FIRST_FRAME_MS } from './limits.ts';
import type { EntranceOptions } from './PeerOptions.ts';
import type { RequestHandler } from './RequestHandler.ts';
import { copyOfSetup, type Setup } from './Setup.ts';

/** The version of the protocol that is spoken here: 1.0. */
const MAJOR_VERSION = 1;
const MINOR_VERSION = 0;

const AWAITING_SETUP = 0;
const DECIDING = 1;
const CLOSED = 2;

/** Who is told how it went; one of the two, once. */
interface EntranceListener {
  /** From now on frames go past the entrance. */
  onAccepted(setup: Setup, handler: RequestHandler): void;
  /** The peer is to be told of `error` by its `errorCode`, and the connection closed. */
  onRefused(error: RSocketError): void;
}

export class Entrance {
  readonly #options: EntranceOptions;
  readonly #clock: Clock;
  readonly #isLeaseOffered: boolean;
  readonly #listener: EntranceListener;
  readonly #held: HeldFrames;
  #state = AWAITING_SETUP;
  #timer: unknown;

  constructor(
    options: EntranceOptions,
    pool: BufferPool,
    clock: Clock,
    isLeaseOffered: boolean,
    listener: EntranceListener,
  ) {
    this.#options = options;
    this.#clock = clock;
    this.#isLeaseOffered = isLeaseOffered;
    this.#listener = listener;
    this.#held = new HeldFrames(pool, options.maxHeldBytes ?? MAX_HELD_BYTES);
    const timeoutMs = options.timeToFirstFrameMs ?? TIME_TO_FIRST_FRAME_MS;
    this.#timer = clock.setTimer(() => {
      this.#refuse(refusal('ERR_FLYSOCKET_SETUP_TIMEOUT', ErrorCode.INVALID_SETUP, `no SETUP within ${timeoutMs} ms`));
    }, timeoutMs);
  }

  /** A frame, for as long as nobody was let in. */
  onFrame(buffer: DirectBuffer, offset: number, length: number): void {
    try {
      if (this.#state === AWAITING_SETUP) this.#decide(setupIn(buffer, offset, length, this.#isLeaseOffered));
      else if (this.#state === DECIDING) this.#held.add(buffer, offset, length);
    } catch (error) {
      if (!(error instanceof RSocketError)) throw error;
      this.#refuse(error);
    }
  }

  /** The connection has ended, or its peer has been let in. */
  close(): void {
    this.#state = CLOSED;
    this.#clock.clearTimer(this.#timer);
    this.#timer = undefined;
    this.#held.drop();
  }

  #decide(setup: Setup): void {
    this.#state = DECIDING;
    this.#clock.clearTimer(this.#timer);
    const timeoutMs = this.#options.acceptTimeoutMs ?? ACCEPT_TIMEOUT_MS;
    this.#timer = this.#clock.setTimer(() => {
      this.#refuse(rejected(`the SETUP was not accepted within ${timeoutMs} ms`));
    }, timeoutMs);
    try {
      const handler = this.#options.accept(setup);
      if (isPromise(handler))
        Promise.resolve(handler)
          .then((made) => this.#open(setup, made))
          .catch((e) => this.#reject(e));
      else this.#open(setup, handler);
    } catch (error) {
      this.#reject(error);
    }
  }

  #open(setup: Setup, handler: RequestHandler): void {
    if (this.#state === CLOSED) return;
    this.#listener.onAccepted(setup, handler);
  }

  /** Hands out what was held; the entrance is then of no more use. */
  replay(onFrame: (buffer: DirectBuffer, offset: number, length: number) => void): void {
    this.#held.replay(onFrame);
    this.close();
  }

  #reject(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const code = error instanceof RSocketError ? error.errorCode : undefined;
    const isSetupCode = code === ErrorCode.INVALID_SETUP || code === ErrorCode.UNSUPPORTED_SETUP;
    this.#refuse(isSetupCode ? (error as RSocketError) : rejected(message, { cause: error }));
  }

  #refuse(error: RSocketError): void {
    if (this.#state === CLOSED) return;
    this.close();
    this.#listener.onRefused(error);
  }
}

/** The SETUP that the first frame is. @throws RSocketError with the `errorCode` to answer with */
function setupIn(buffer: DirectBuffer, offset: number, length: number, isLeaseOffered: boolean): Setup {
  if (!isWhole(buffer, offset, length)) throw invalid('the first frame is not one that begins a connection');
  const type = typeOf(typeAndFlagsOf(buffer, offset));
  if (type === FrameType.RESUME) {
    throw refusal('ERR_FLYSOCKET_REJECTED_RESUME', ErrorCode.REJECTED_RESUME, 'resumption is not supported');
  }
  if (type !== FrameType.SETUP) throw invalid(`the first frame must be SETUP: type=0x${type.toString(16)}`);
  const setup = copyOfSetup(buffer, offset, length);
  const { majorVersion, minorVersion, keepAliveIntervalMs, maxLifetimeMs } = setup;
  if (majorVersion !== MAJOR_VERSION || minorVersion !== MINOR_VERSION) {
    throw unsupported(`version ${majorVersion}.${minorVersion}, here it is ${MAJOR_VERSION}.${MINOR_VERSION}`);
  }
  if (keepAliveIntervalMs === 0 || maxLifetimeMs === 0) {
    throw invalid(`keepAliveIntervalMs=${keepAliveIntervalMs} and maxLifetimeMs=${maxLifetimeMs} must be more than 0`);
  }
  if (isResumable(buffer, offset)) throw rejected('resumption is not supported');
  if (setup.lease && !isLeaseOffered) throw unsupported('leases are not supported');
  return setup;
}

function isWhole(buffer: DirectBuffer, offset: number, length: number): boolean {
  try {
    return validateFrame(buffer, offset, length);
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function isResumable(buffer: DirectBuffer, offset: number): boolean {
  return (flagsOf(typeAndFlagsOf(buffer, offset)) & FrameFlag.RESUME) !== 0;
}

function invalid(message: string, options?: ErrorOptions): RSocketError {
  return refusal('ERR_FLYSOCKET_INVALID_SETUP', ErrorCode.INVALID_SETUP, message, options);
}

function unsupported(message: string): RSocketError {
  return refusal('ERR_FLYSOCKET_UNSUPPORTED_SETUP', ErrorCode.UNSUPPORTED_SETUP, message);
}

function rejected(message: string, options?: ErrorOptions): RSocketError {
  return refusal('ERR_FLYSOCKET_REJECTED_SETUP', ErrorCode.REJECTED_SETUP, message, options);
}

function refusal(code: string, errorCode: number, message: string, options?: ErrorOptions): RSocketError {
  return new RSocketError(code, message, errorCode, options);
}
